// Changes the number of partitions of the log, and sends parts of the log to Kafka again.
import { inTransaction, type Sql } from '#database';
import type { EventLog, Position } from '#event-log';
import type { Projection } from '../projection.js';
import { alignPartitions } from './align-partitions.js';
import { countPartitions, deposeRelay, resizeCheckpoints, resizeFeed, rewindFeed } from './feed-store.js';

export type RepartitionParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projections' rows. */
  readonly sql: Sql;
  /** All that there are. */
  readonly projections: readonly Projection[];
};

/** Numbers of partitions; 0: the log is not partitioned. */
export type PartitionCountChange = { readonly before: number; readonly now: number };

/** Kafka never removes a partition, and its readers must not wait for ever at an empty one. */
export class CannotReducePartitions extends Error {
  override readonly name = 'CannotReducePartitions';
  constructor(before: number, wanted: number) {
    super(`the log has ${before} partitions and cannot have ${wanted}: only more are possible, or none`);
  }
}

/**
 * Divides the log into so many partitions; 0 undoes it, for one process. Keys then belong to other partitions, so all
 * projections are aligned at one position first, and the relay and the owners, which have the old number, are fenced:
 * they claim again and go on with the new number. It waits for nobody and can be repeated.
 */
export function repartition(
  partitions: number,
  { log, sql, projections }: RepartitionParts,
): Promise<PartitionCountChange> {
  return inTransaction(sql, async (session) => {
    // Everything that was sent must be folded: with the new number of partitions it belongs elsewhere.
    const atLeast = await deposeRelay(session);
    const before = await countPartitions(session);
    if (before === partitions) return { before, now: before };
    if (partitions !== 0 && partitions < before) throw new CannotReducePartitions(before, partitions);
    for (const projection of projections) {
      const position = await alignPartitions(session, { projection, log, atLeast });
      await resizeCheckpoints(session, projection.name, { partitions: Math.max(partitions, 1), position });
    }
    await resizeFeed(session, partitions);
    return { before, now: partitions };
  });
}

/**
 * Makes the relay send everything after `from` again, for other readers of the topic. Our own projections already have it
 * and drop it as duplicates; their watermarks do not go back.
 */
export function resendFrom(from: Position, sql: Sql): Promise<void> {
  return inTransaction(sql, async (session) => {
    await deposeRelay(session);
    await rewindFeed(session, from);
  });
}
