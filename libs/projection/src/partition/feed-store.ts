// The tables `feed` and `feed_partitions`: into how many partitions the log is divided, and how far the relay has sent it.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import type { Session } from '../projection.js';

/** 0: the log is not partitioned. */
export async function countPartitions(sql: Sql): Promise<number> {
  const [counted] = await sql<{ count: number }[]>`select count(*)::int as count from feed_partitions`;
  return counted?.count ?? 0;
}

/** The last position that was sent to each partition. */
export async function readSent(sql: Sql): Promise<ReadonlyMap<number, Position>> {
  const rows = await sql<{ partition: number; last: Position }[]>`select partition, last from feed_partitions`;
  return new Map(rows.map(({ partition, last }) => [partition, last]));
}

/** Ends the active relay's leadership: it records nothing more until it claims the feed again. Returns its position. */
export async function deposeRelay(session: Session): Promise<Position> {
  const [feed] = await session<{ position: Position }[]>`
    insert into feed (epoch) values (1)
    on conflict (single) do update set epoch = feed.epoch + 1, renewed_at = '-infinity'
    returning position`;
  return feed?.position ?? 0;
}

export async function resizeFeed(session: Session, partitions: number): Promise<void> {
  await session`delete from feed_partitions where partition >= ${partitions}`;
  await session`
    insert into feed_partitions (partition) select generate_series(0, ${partitions - 1}) on conflict do nothing`;
  if (partitions === 0) await session`update feed set position = 0`;
}

/** All partitions of a projection at one position, which has been reached before. */
export async function resizeCheckpoints(
  session: Session,
  name: string,
  { partitions, position }: { readonly partitions: number; readonly position: Position },
): Promise<void> {
  await session`
    insert into checkpoints (projection, partition, position, epoch, generation, parked)
    select ${name}, wanted.partition, ${position}, 1, max(c.generation), max(c.parked)
    from generate_series(0, ${partitions - 1}) as wanted (partition), checkpoints as c
    where c.projection = ${name}
    group by wanted.partition
    on conflict (projection, partition) do update set position = excluded.position, epoch = checkpoints.epoch + 1`;
  await session`delete from checkpoints where projection = ${name} and partition >= ${partitions}`;
}

/** Sets the relay back, so that it sends everything after `from` again. */
export async function rewindFeed(session: Session, from: Position): Promise<void> {
  // A checkpoint that has everything that was sent counts as far as the relay; record that before the relay goes back.
  await session`
    update checkpoints as c set position = greatest(c.position, f.position)
    from feed_partitions p, feed f
    where p.partition = c.partition and c.position >= p.last and c.projection not like '%@%'`;
  await session`update feed set position = least(position, ${from})`;
  await session`
    update feed_partitions set last = least(last, ${from}), last_before = 0, whole_before = 0`;
}
