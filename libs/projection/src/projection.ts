// The port of a read model: a fold from events to rows. The runner owns what is hard (order, batches, checkpoints).
import type { Position, StoredEvent } from '#event-log';
import type { Sql } from 'postgres';

/**
 * The connection on which a batch is written. Its rows and the checkpoint are one transaction:
 * a projection only issues statements, it never begins or commits.
 */
export type Session = Sql;

/**
 * Folds events into rows. `apply` gets each event exactly once in effect, in batches, those of one key in order of
 * position. It promises:
 * - what it writes for one key depends on that key's events alone, so that a key may be parked while others go on, and
 *   be folded later; a read model across keys is asked for when it is read, not folded;
 * - however the events are cut into batches, the rows are the same;
 * - it reads no clock and nothing but its own tables, which it names without a schema, so that a rebuild writes the same
 *   rows byte for byte;
 * - it throws on an event that it does not understand, and never skips it (`toDomainEvent`).
 */
export abstract class Projection {
  /** Names its checkpoint. Small letters, digits and hyphens. */
  abstract readonly name: string;
  /** The tables that it owns. */
  abstract readonly tables: readonly string[];
  /** Indexes that the fold itself does not look up by: a rebuild makes them at the end, which costs much less. */
  readonly readersIndexes: readonly string[] = [];
  abstract apply(batch: readonly StoredEvent[], session: Session): Promise<void>;
}

/** `generation` grows whenever rows at or behind the position were written anew: copies of them are then void. */
export type Watermark = { readonly position: Position; readonly generation: number };

/** How a projection stands, by what the log and its checkpoint say and not by its own word. */
export type ProjectionProgress = Watermark & {
  readonly projection: string;
  /** Events in the log that it has not folded. */
  readonly lag: number;
  /** For how long there has been something to fold without the checkpoint having moved; 0 where it has all. */
  readonly standsStillSeconds: number;
  /** Keys with dead letters. */
  readonly parked: number;
  /** Since when there have been dead letters; null where there are none. */
  readonly degradedSince: string | null;
};

/** A partition of a projection: partition 0 is all of the log where it is not cut. */
export type PartitionProgress = {
  readonly projection: string;
  readonly partition: number;
  readonly position: Position;
  /** How far it is behind the last position that was sent to it; where the log is not cut, behind the log's. */
  readonly lag: number;
};

/** How far the log has been carried to those who share the projections. */
export type RelayProgress = {
  /** Everything up to here is with the broker. */
  readonly position: Position;
  /** Grows with every active relay; 0: there has been none. */
  readonly epoch: number;
  /** Since the active relay's last sign of life; null where it has said goodbye, or there has been none. */
  readonly silentSeconds: number | null;
  /** The last position that was sent to each partition; empty where the log is not cut. */
  readonly sent: readonly { readonly partition: number; readonly last: Position }[];
};

/**
 * Where followers stand. Up to a projection's position its rows are whole, whoever writes them: none is missing there.
 * What was said once stays true: less is said again only with a higher generation.
 */
export abstract class Checkpoints {
  abstract watermark(projection: string): Promise<Watermark>;
  /** Resolves with a standing at or behind `position` once there is one; null when `patienceMs` went by first. */
  abstract waitFor(projection: string, position: Position, patienceMs: number): Promise<Watermark | null>;
  abstract progress(): Promise<readonly ProjectionProgress[]>;
  abstract partitionProgress(): Promise<readonly PartitionProgress[]>;
  /** Null where there has never been anything to carry it to. */
  abstract relayProgress(): Promise<RelayProgress | null>;

  async position(projection: string): Promise<Position> {
    return (await this.watermark(projection)).position;
  }

  /** Whether the projection has passed `position` before `patienceMs` went by. */
  async isReached(projection: string, position: Position, patienceMs: number): Promise<boolean> {
    return (await this.waitFor(projection, position, patienceMs)) !== null;
  }
}
