// The ports of a read model: a fold from events to rows, and its checkpoints. The runner cares for order, batches and
// checkpoints.
import type { Position, StoredEvent } from '#event-log';
import type { Sql } from 'postgres';

/**
 * The connection on which a batch is written. Rows and checkpoint are one transaction: a projection only issues
 * statements, and never begins or commits.
 */
export type Session = Sql;

/**
 * Folds events into rows. `apply` gets each event exactly once in effect, in batches, those of one key in order of
 * position. An implementation promises:
 * - what it writes for one key depends on the events of that key alone, so that a key can be parked while others go on,
 *   and be folded later; a read model across keys is computed when it is read, not folded;
 * - the rows do not depend on how the events are divided into batches;
 * - it reads no clock and nothing but its own tables, which it names without a schema, so that a rebuild writes the same
 *   rows byte for byte;
 * - it throws on an event that it does not understand, and never skips it (`toDomainEvent`).
 */
export abstract class Projection {
  /** Name of its checkpoint: lower-case letters, digits and hyphens. */
  abstract readonly name: string;
  /** The tables that it owns. */
  abstract readonly tables: readonly string[];
  /** Indexes that the fold itself does not use: a rebuild creates them at the end, which costs much less. */
  readonly readersIndexes: readonly string[] = [];
  abstract apply(batch: readonly StoredEvent[], session: Session): Promise<void>;
}

/** `generation` grows whenever rows at or before the position were rewritten: cached copies of them are then stale. */
export type Watermark = { readonly position: Position; readonly generation: number };

/** Progress of a projection as measured from the log and its checkpoint, not as reported by its process. */
export type ProjectionProgress = Watermark & {
  readonly projection: string;
  /** Events in the log that it has not folded. */
  readonly lag: number;
  /** For how long there have been events to fold without the checkpoint moving; 0 without lag. */
  readonly standsStillSeconds: number;
  /** Keys with dead letters. */
  readonly parked: number;
  /** Since when there have been dead letters; null without any. */
  readonly degradedSince: string | null;
};

/** Progress of a partition of a projection: if the log is not partitioned, partition 0 is the complete log. */
export type PartitionProgress = {
  readonly projection: string;
  readonly partition: number;
  readonly position: Position;
  /** Positions up to the last one that was sent to it, or up to the head if the log is not partitioned. */
  readonly lag: number;
};

/** How far the relay has sent the log to Kafka. */
export type RelayProgress = {
  /** Everything up to this position is with the broker. */
  readonly position: Position;
  /** Grows with every active relay; 0: there has been none. */
  readonly epoch: number;
  /** Since the active relay last renewed its lease; null if it has released the lease, or there has been none. */
  readonly silentSeconds: number | null;
  /** The last position that was sent to each partition; empty if the log is not partitioned. */
  readonly sent: readonly { readonly partition: number; readonly last: Position }[];
};

/**
 * Watermarks of the projections. Up to the watermark a projection's rows are complete, whichever processes write them.
 * A watermark never goes back, unless its generation is higher.
 */
export abstract class Checkpoints {
  abstract watermark(projection: string): Promise<Watermark>;
  /** Resolves with a watermark at or after `position` once there is one; null after `timeoutMs`. */
  abstract waitFor(projection: string, position: Position, timeoutMs: number): Promise<Watermark | null>;
  abstract progress(): Promise<readonly ProjectionProgress[]>;
  abstract partitionProgress(): Promise<readonly PartitionProgress[]>;
  /** Null if there has never been a relay. */
  abstract relayProgress(): Promise<RelayProgress | null>;

  async position(projection: string): Promise<Position> {
    return (await this.watermark(projection)).position;
  }

  /** Whether the projection reaches `position` within `timeoutMs`. */
  async isReached(projection: string, position: Position, timeoutMs: number): Promise<boolean> {
    return (await this.waitFor(projection, position, timeoutMs)) !== null;
  }
}
