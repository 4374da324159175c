// The port of a read model: a fold from events to rows. The runner owns what is hard (order, batches, checkpoints).
import type { Position, StoredEvent } from '#event-log';
import type { Sql } from 'postgres';

/**
 * The connection on which a batch is written. Its rows and the checkpoint are one transaction:
 * a projection only issues statements, it never begins or commits.
 */
export type Session = Sql;

/**
 * Folds events into rows. `apply` gets each event exactly once in effect, in order of position, in batches;
 * it must not read clocks or anything but its own tables, so that a rebuild writes the same rows byte for byte.
 */
export abstract class Projection {
  /** Names its checkpoint. */
  abstract readonly name: string;
  /** The tables that it owns, in the order in which a rebuild empties them. */
  abstract readonly tables: readonly string[];
  abstract apply(batch: readonly StoredEvent[], session: Session): Promise<void>;
}

/** Where followers stand. */
export abstract class Checkpoints {
  abstract position(projection: string): Promise<Position>;
  /** Resolves when the projection has passed `position`; false when `patienceMs` went by first. */
  abstract passed(projection: string, position: Position, patienceMs: number): Promise<boolean>;
  abstract all(): Promise<readonly { readonly projection: string; readonly position: Position }[]>;
}
