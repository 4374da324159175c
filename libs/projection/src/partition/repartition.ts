// Into how many partitions the log is cut, and the ordered way to change it.
import { inTransaction, type Sql } from '#database';
import type { EventLog, Position } from '#event-log';
import { alignPartitions } from './align-partitions.js';
import type { Projection, Session } from '../projection.js';

export type RepartitionParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projections' rows. */
  readonly sql: Sql;
  /** All that there are. */
  readonly projections: readonly Projection[];
};

/** How many partitions there were, and are. 0: the log is not cut. */
export type PartitionCountChange = { readonly before: number; readonly now: number };

/** Kafka never takes a partition away, and who reads it must not find it empty for ever. */
export class CannotReducePartitions extends Error {
  override readonly name = 'CannotCutCoarser';
  constructor(before: number, wanted: number) {
    super(
      `the log is cut into ${before} partitions, and cannot be cut into ${wanted}: only more are possible, or none`,
    );
  }
}

/**
 * Cuts the log into so many partitions; 0 makes it whole again, for one process. The keys then lie in other partitions:
 * so all projections are brought to one position first, and relay and owners, who know the old layout, are fenced off.
 * They claim anew and go on in the new one. It waits for nobody, and may be asked for again.
 */
export function repartition(
  partitions: number,
  { log, sql, projections }: RepartitionParts,
): Promise<PartitionCountChange> {
  return inTransaction(sql, async (session) => {
    // Of what was sent in the old layout nothing may be left to fold: in the new one it lies elsewhere.
    const atLeast = await deposeRelay(session);
    const before = await countPartitions(session);
    if (before === partitions) return { before, now: before };
    if (partitions !== 0 && partitions < before) throw new CannotReducePartitions(before, partitions);
    for (const projection of projections) {
      const position = await alignPartitions(session, { projection, log, atLeast });
      await resizeCheckpoints(session, projection.name, Math.max(partitions, 1), position);
    }
    await session`delete from feed_partitions where partition >= ${partitions}`;
    await session`
      insert into feed_partitions (partition) select generate_series(0, ${partitions - 1}) on conflict do nothing`;
    if (partitions === 0) await session`update feed set position = 0`;
    return { before, now: partitions };
  });
}

/** How many there are; 0: the log is not cut. */
export async function countPartitions(sql: Sql): Promise<number> {
  const [counted] = await sql<{ count: number }[]>`select count(*)::int as count from feed_partitions`;
  return counted?.count ?? 0;
}

/**
 * Has the relay begin again behind `from`, for everybody who reads the topic. Our own projections, which have it all,
 * drop what comes again; they keep knowing that they have it.
 */
export function resendFrom(from: Position, sql: Sql): Promise<void> {
  return inTransaction(sql, async (session) => {
    await deposeRelay(session);
    // What is whole up to where the relay had come says so by itself now, for the relay goes back.
    await session`
      update checkpoints as c set position = greatest(c.position, f.position)
      from feed_partitions p, feed f
      where p.partition = c.partition and c.position >= p.last and c.projection not like '%@%'`;
    await session`update feed set position = least(position, ${from})`;
    await session`
      update feed_partitions set last = least(last, ${from}), last_before = 0, whole_before = 0`;
  });
}

/** Relieves the active relay, which notes nothing any more until it has claimed the feed anew; answers how far it came. */
async function deposeRelay(session: Session): Promise<Position> {
  const [feed] = await session<{ position: Position }[]>`
    insert into feed (epoch) values (1)
    on conflict (single) do update set epoch = feed.epoch + 1, renewed_at = '-infinity'
    returning position`;
  return feed?.position ?? 0;
}

async function resizeCheckpoints(
  session: Session,
  name: string,
  partitions: number,
  position: Position,
): Promise<void> {
  await session`
    insert into checkpoints (projection, partition, position, epoch, generation, parked)
    select ${name}, cut.partition, ${position}, 1, max(c.generation), max(c.parked)
    from generate_series(0, ${partitions - 1}) as cut (partition), checkpoints as c
    where c.projection = ${name}
    group by cut.partition
    on conflict (projection, partition) do update set position = excluded.position, epoch = checkpoints.epoch + 1`;
  await session`delete from checkpoints where projection = ${name} and partition >= ${partitions}`;
}
