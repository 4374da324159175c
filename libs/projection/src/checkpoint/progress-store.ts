// How far projections, partitions and relay have come, as queries.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import type { PartitionProgress, ProjectionProgress, RelayProgress, Watermark } from '../projection.js';

export async function readWatermark(sql: Sql, projection: string): Promise<Watermark | null> {
  const [watermark] = await sql<Watermark[]>`
    select position, generation from followers where projection = ${projection}`;
  return watermark ?? null;
}

export async function readWatermarks(sql: Sql): Promise<readonly (Watermark & { readonly projection: string })[]> {
  return sql<(Watermark & { projection: string })[]>`select projection, position, generation from followers`;
}

// All by the database's clock, which stamps the events too: a follower has stalled for as long as its next event has been
// in the log without the checkpoint moving.
export async function readProjectionProgress(sql: Sql): Promise<readonly ProjectionProgress[]> {
  return sql<ProjectionProgress[]>`
    select f.projection, f.position, f.generation, greatest(head.position - f.position, 0) as lag,
      case when next.position is null then 0
        else extract(epoch from clock_timestamp() - greatest(next.recorded_at, f.moved_at))::int
      end as "standsStillSeconds",
      count(distinct letters.key)::int as parked, min(letters.since) as "degradedSince"
    from log_head as head, followers as f
    left join events as next on next.position = f.position + 1
    left join dead_letters as letters on letters.projection = f.projection
    group by f.projection, f.position, f.generation, f.moved_at, head.position, next.position, next.recorded_at
    order by f.projection`;
}

export async function readPartitionProgress(sql: Sql): Promise<readonly PartitionProgress[]> {
  return sql<PartitionProgress[]>`
    select c.projection, c.partition, c.position, greatest(coalesce(p.last, head.position) - c.position, 0) as lag
    from log_head as head, checkpoints as c
    left join feed_partitions as p on p.partition = c.partition
    where c.projection not like '%@%'
    order by c.projection, c.partition`;
}

/** Null if there has never been a relay. */
export async function readRelayProgress(sql: Sql): Promise<RelayProgress | null> {
  const rows = await sql<(Omit<RelayProgress, 'sent'> & { partition: number | null; last: Position | null })[]>`
    select coalesce(f.position, 0) as position, coalesce(f.epoch, 0) as epoch, p.partition, p.last,
      case when f.renewed_at > '-infinity' then extract(epoch from clock_timestamp() - f.renewed_at)::float8 end
        as "silentSeconds"
    from feed as f full join feed_partitions as p on true
    order by p.partition`;
  const [first] = rows;
  if (!first) return null;
  const { position, epoch, silentSeconds } = first;
  const sent = rows.flatMap(({ partition, last }) => (partition === null ? [] : [{ partition, last: last ?? 0 }]));
  return { position, epoch, silentSeconds, sent };
}
