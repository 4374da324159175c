// The identity of the log, and whether events that came from elsewhere are really its own.
import type { Sql } from '#database';
import type { StoredEvent } from './event-log.js';

/** `log` is the same in backups and after a restore; each restore makes a new `generation`. UUIDs. */
export type LogIdentity = { readonly log: string; readonly generation: string };

export async function readLogIdentity(sql: Sql): Promise<LogIdentity> {
  const [identity] = await sql<LogIdentity[]>`select log, generation from log_identity`;
  if (identity) return identity;
  throw new Error('The database has no row in log_identity: restore a backup into a new database.');
}

/** After this, everything that copies the log starts again from the beginning. */
export async function startLogGeneration(sql: Sql): Promise<void> {
  await sql`update log_identity set generation = gen_random_uuid()`;
}

/** A restored log keeps its id and gets a new generation. With the owner's rights. Null: the backup does not name the log. */
export async function adoptLog(sql: Sql, log: string | null): Promise<void> {
  if (log !== null) await sql`update log_identity set log = ${log}`;
  await startLogGeneration(sql);
}

/**
 * Those of the events that the log has. A copy may come from another log, or from a later state of this
 * one that was lost: its position, stream, version or time then differs, or lies after the head.
 */
export async function eventsInLog(sql: Sql, events: readonly StoredEvent[]): Promise<ReadonlySet<StoredEvent>> {
  const rows = await sql<{ index: number }[]>`
    select copy.index::int
    from unnest(
      ${events.map(({ position }) => position)}::bigint[],
      ${events.map(({ stream }) => stream)}::text[],
      ${events.map(({ version }) => version)}::int[],
      ${events.map(({ recordedAt }) => recordedAt)}::timestamptz[]
    ) with ordinality as copy (position, stream, version, recorded_at, index)
    join events as e on e.position = copy.position and e.stream = copy.stream and e.version = copy.version
      and date_trunc('milliseconds', e.recorded_at) = copy.recorded_at`;
  return new Set(rows.flatMap(({ index }) => events[index - 1] ?? []));
}
