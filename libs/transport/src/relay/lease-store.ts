// Which relay is the active one, and how far the log has been carried: the tables `feed` and `feed_partitions`.
import type { Sql } from '#database';
import type { Position } from '#event-log';

/** Without a sign of life for so long, by the database's clock, the active relay is taken to be gone. */
export const LEASE_MS = 5_000;

/** What the active relay goes on from: `last` is the last position that was sent to each partition. */
export type RelayCheckpoint = {
  readonly epoch: number;
  readonly position: Position;
  readonly last: ReadonlyMap<number, Position>;
};

/** Becomes the active relay where there is none; its epoch, or null where another lives. */
export async function claimLeadership(sql: Sql): Promise<number | null> {
  // Those who only look do not queue up for the row that the active one writes with every batch.
  const [living] = await sql`
    select from feed where renewed_at >= clock_timestamp() - make_interval(secs => ${LEASE_MS / 1_000})`;
  if (living) return null;
  const [claimed] = await sql<{ epoch: number }[]>`
    insert into feed (epoch, renewed_at) values (1, clock_timestamp())
    on conflict (single) do update set epoch = feed.epoch + 1, renewed_at = clock_timestamp()
    where feed.renewed_at < clock_timestamp() - make_interval(secs => ${LEASE_MS / 1_000})
    returning epoch`;
  return claimed?.epoch ?? null;
}

/** Null where another has become the active one since. */
export async function readRelayCheckpoint(sql: Sql, epoch: number): Promise<RelayCheckpoint | null> {
  const rows = await sql<{ position: Position; partition: number | null; last: Position | null }[]>`
    select f.position, p.partition, p.last from feed f left join feed_partitions p on true
    where f.epoch = ${epoch} order by p.partition`;
  const [first] = rows;
  if (!first) return null;
  const cut = rows.flatMap(({ partition, last }) => (partition === null ? [] : [[partition, last ?? 0] as const]));
  return { epoch, position: first.position, last: new Map(cut) };
}

/** A sign of life. False where another has become the active one since. */
export async function renewLease(sql: Sql, epoch: number): Promise<boolean> {
  const [renewed] = await sql`
    update feed set renewed_at = clock_timestamp() where epoch = ${epoch} returning true as ours`;
  return renewed !== undefined;
}

/** The next one need not wait. */
export async function releaseLease(sql: Sql, epoch: number): Promise<void> {
  await sql`update feed set renewed_at = '-infinity' where epoch = ${epoch}`;
}

/**
 * Everything up to `position` is with the broker, and `last` of it went to these partitions. False, and nothing is
 * noted, where another has become the active one since, or where the feed does not stand where this batch began.
 */
export async function saveRelayCheckpoint(
  sql: Sql,
  from: RelayCheckpoint,
  { position, last }: { readonly position: Position; readonly last: ReadonlyMap<number, Position> },
): Promise<boolean> {
  const [noted] = await sql<{ noted: boolean }[]>`
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
    select exists (select from ours) as noted`;
  return noted?.noted === true;
}

/** How far the log has been carried, whoever is the active relay. */
export async function relayPosition(sql: Sql): Promise<Position> {
  const [feed] = await sql<{ position: Position }[]>`select position from feed`;
  return feed?.position ?? 0;
}
