// Checks a log after a fault run: nothing lost, duplicated, split or out of order.
import type { Databases, Sql } from '#database';
import type { EventLog } from '#event-log';
import { digest, rebuild, type Projection } from '#projection';

/** An event that was acknowledged. `position` is that of the last event of its command. */
export type Acknowledged = { readonly stream: string; readonly version: number; readonly position: number };

export type LogCheck = {
  readonly acknowledged: number;
  /** Acknowledged but missing, or at another position. */
  readonly lost: number;
  /** Commands that are in the log more than once. */
  readonly doubled: number;
  /** Commands of which only a part is in the log. */
  readonly torn: number;
  /** Missing positions, and positions beyond the recorded head. */
  readonly gaps: number;
  /** Events with an earlier recorded time than their predecessor. */
  readonly inversions: number;
};

export const CLEAN: Omit<LogCheck, 'acknowledged'> = { lost: 0, doubled: 0, torn: 0, gaps: 0, inversions: 0 };

export async function verifyLog(sql: Sql, acknowledged: readonly Acknowledged[]): Promise<LogCheck> {
  const [counts] = await sql<Omit<LogCheck, 'acknowledged' | 'lost'>[]>`
    select
      (select count(*) from (
        select from events where meta ->> 'fingerprint' is not null
        group by meta ->> 'fingerprint' having count(distinct command_end) > 1) as repeated) as doubled,
      (select count(*) from (
        select from events group by command_end
        having max(position) <> command_end or max(position) - min(position) + 1 <> count(*)
          or count(distinct meta::text) <> 1
          or bool_or(type = 'ReportSubmitted' and data ->> 'type' = 'violation')
            <> bool_or(type in ('IncidentOpened', 'ReportLinked'))) as parts) as torn,
      (select abs(max(e.position) - count(*)) + abs(max(h.position) - count(*)) from events e, log_head h) as gaps,
      (select count(*) from (
        select recorded_at < lag(recorded_at) over (order by position) as backwards from events) as pairs
        where backwards) as inversions`;
  if (!counts) throw new Error('the query returned no row');
  const found = await sql<{ found: number }[]>`
    select count(*) as found
    from json_to_recordset(${JSON.stringify(acknowledged)}::text::json) as acknowledged (stream text, version int, position bigint)
    join events e using (stream, version)
    where e.command_end = acknowledged.position`;
  return { ...counts, acknowledged: acknowledged.length, lost: acknowledged.length - (found[0]?.found ?? 0) };
}

/** Names of projections whose rows differ from a rebuild. No follower may be running. */
export async function projectionsDifferingFromLog(
  projections: readonly Projection[],
  { log, databases }: { readonly log: EventLog; readonly databases: Databases },
): Promise<readonly string[]> {
  const differingProjections: string[] = [];
  for (const projection of projections) {
    const live = JSON.stringify(await digest(projection, databases.analysis));
    await rebuild(projection, { log, sql: databases.analysis });
    if (JSON.stringify(await digest(projection, databases.analysis)) !== live)
      differingProjections.push(projection.name);
  }
  return differingProjections;
}
