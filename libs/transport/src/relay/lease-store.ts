// The lease of the active relay and its checkpoint, in the tables `feed` and `feed_partitions`.
import type { Sql } from '#database';
import type { LogIdentity, Position } from '#event-log';

/** A lease that was not renewed for this long, by the database's clock, has expired. */
export const LEASE_MS = 5_000;

/** Where the active relay continues: `last` is the last position that was sent to each partition. */
export type RelayCheckpoint = {
  readonly epoch: number;
  readonly position: Position;
  readonly last: ReadonlyMap<number, Position>;
  readonly log: LogIdentity;
};

/** Becomes the active relay if there is none. Returns its epoch, or null if another relay holds the lease. */
export async function claimLeadership(sql: Sql): Promise<number | null> {
  // A plain read first: standbys must not queue up for the row that the active relay updates with every batch.
  const [active] = await sql`
    select from feed where renewed_at >= clock_timestamp() - make_interval(secs => ${LEASE_MS / 1_000})`;
  if (active) return null;
  const [claimed] = await sql<{ epoch: number }[]>`
    insert into feed (epoch, renewed_at) values (1, clock_timestamp())
    on conflict (single) do update set epoch = feed.epoch + 1, renewed_at = clock_timestamp()
    where feed.renewed_at < clock_timestamp() - make_interval(secs => ${LEASE_MS / 1_000})
    returning epoch`;
  return claimed?.epoch ?? null;
}

/** Null if another relay has become the active one since. */
export async function readRelayCheckpoint(sql: Sql, epoch: number): Promise<RelayCheckpoint | null> {
  const rows = await sql<(LogIdentity & { position: Position; partition: number | null; last: Position | null })[]>`
    select f.position, i.log, i.generation, p.partition, p.last
    from log_identity i, feed f left join feed_partitions p on true
    where f.epoch = ${epoch} order by p.partition`;
  const [first] = rows;
  if (!first) return null;
  const partitions = rows.flatMap(({ partition, last }) =>
    partition === null ? [] : [[partition, last ?? 0] as const],
  );
  const { position, log, generation } = first;
  return { epoch, position, last: new Map(partitions), log: { log, generation } };
}

/** False if another relay has become the active one since. */
export async function renewLease(sql: Sql, epoch: number): Promise<boolean> {
  const [renewed] = await sql`
    update feed set renewed_at = clock_timestamp() where epoch = ${epoch} returning true as ours`;
  return renewed !== undefined;
}

/** The next relay need not wait until the lease expires. */
export async function releaseLease(sql: Sql, epoch: number): Promise<void> {
  await sql`update feed set renewed_at = '-infinity' where epoch = ${epoch}`;
}

/**
 * Records that everything up to `position` is with the broker, and the last position in each partition. False, with
 * nothing recorded, if another relay has become the active one since, or if the feed is not where this batch began.
 */
export async function saveRelayCheckpoint(
  sql: Sql,
  from: RelayCheckpoint,
  { position, last }: { readonly position: Position; readonly last: ReadonlyMap<number, Position> },
): Promise<boolean> {
  const [saved] = await sql<{ saved: boolean }[]>`
    with ours as (
      update feed set position = ${position}, renewed_at = clock_timestamp()
      where epoch = ${from.epoch} and position = ${from.position}
      returning position
    ), moved as (
      update feed_partitions as p set last = sent.last, last_before = p.last, whole_before = ${from.position}
      from ours, unnest(${[...last.keys()]}::int[], ${[...last.values()]}::bigint[]) as sent (partition, last)
      where p.partition = sent.partition
      returning p.partition
    )
    select exists (select from ours) as saved`;
  return saved?.saved === true;
}

/** How far the log has been sent, whichever relay is active. */
export async function relayPosition(sql: Sql): Promise<Position> {
  const [feed] = await sql<{ position: Position }[]>`select position from feed`;
  return feed?.position ?? 0;
}
