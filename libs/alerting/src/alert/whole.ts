// Up to where the alerts are whole. Several processes may write them, each in its own order: an alert that is there may
// have one before it that is still to come, and a cursor that has passed by would never see that one.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import { ALERTS } from './alerts-projection.js';

type Fragment = ReturnType<Sql>;

/** The position up to which all alerts are there. It may say less again than it did; what was whole stays so. */
export function wholeUpTo(sql: Sql): Fragment {
  return sql`(select position from followers where projection = ${ALERTS})`;
}

/** The position of the newest alert before which none is missing; 0 where there is none. `known`: whole at least so far. */
export function newestWhole(sql: Sql, known: Position = 0): Fragment {
  return sql`(select coalesce(max(position), 0) from alert where position <= greatest(${wholeUpTo(sql)}, ${known}::bigint))`;
}
