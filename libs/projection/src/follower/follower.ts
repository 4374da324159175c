// One projection's loop: read a batch, fold it, move the checkpoint, wait for more.
import type { Sql } from '#database';
import type { Instant } from '#domain';
import type { EventLog, Position } from '#event-log';
import { runLoop } from './run-loop.js';
import { PartitionOwner } from '../fold/partition-owner.js';
import { messageOf } from '../fold/poison.js';
import type { Projection } from '../projection.js';

/**
 * State of a projection in this process. `failing`: since when nothing could be folded, and why; it is retried for ever.
 * A poison event is not such a failure: its key is parked and the others go on.
 */
export type FollowerState = {
  readonly projection: string;
  /** The position of its rows, as far as this process knows. */
  readonly position: Position;
  readonly failing: { readonly since: Instant; readonly message: string } | null;
  /** Another process has taken the projection over, and this one writes nothing any more. */
  readonly takenOver: boolean;
  /** What an operator should know although it works: a sentence for health. */
  readonly warning?: string | null;
};

export type FollowerParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projection's rows. */
  readonly sql: Sql;
  readonly now: () => Instant;
  readonly onAdvance: (projection: string, position: Position) => void;
  readonly onFailure: (projection: string, error: unknown) => void;
};

/** A follower of the complete log must not write partitions that other processes own. */
export class LogIsPartitioned extends Error {
  override readonly name = 'LogIsPartitioned';
  constructor(partitions: number) {
    super(
      `the log has ${partitions} partitions, which the projectors of the distributed system own: run those, ` +
        'or go back to one process with `barada topics --whole`',
    );
  }
}

const WHOLE_LOG = 0;
// Read after the previous batch is written, never ahead: a slow projection holds no more than this in memory.
const BATCH_EVENTS = 500;
const IDLE_WAIT_MS = 5_000;
const PAUSES = { firstPauseMs: 100, longestPauseMs: 5_000 };

export class Follower {
  readonly #owner: PartitionOwner;
  #failing: FollowerState['failing'] = null;

  constructor(
    private readonly projection: Projection,
    private readonly parts: FollowerParts,
  ) {
    this.#owner = new PartitionOwner(projection, WHOLE_LOG, parts.sql);
  }

  get state(): FollowerState {
    return {
      projection: this.projection.name,
      position: this.#owner.position,
      failing: this.#failing,
      takenOver: this.#owner.isTakenOver,
    };
  }

  /** Resolves when `signal` aborts, or when another process has taken over. */
  follow(signal: AbortSignal): Promise<void> {
    const step = async () => {
      await this.#step(signal);
      this.#failing = null;
    };
    return runLoop(step, {
      ...PAUSES,
      signal,
      isOver: () => this.#owner.isTakenOver,
      onFailure: (error) => {
        this.#failed(error);
      },
    });
  }

  async #step(signal: AbortSignal): Promise<void> {
    const { position } = await this.#owner.checkpoint();
    if (this.#owner.partitions > 1) throw new LogIsPartitioned(this.#owner.partitions);
    if (this.#owner.isTakenOver) return;
    const batch = await this.parts.log.read(position, BATCH_EVENTS);
    if (batch.length === 0) {
      await this.parts.log.waitForEventAfter(position, IDLE_WAIT_MS, signal);
      return;
    }
    const { name } = this.projection;
    const written = await this.#owner.fold(batch, (parked) => {
      this.parts.onFailure(name, parked);
    });
    if (written) this.parts.onAdvance(name, this.#owner.position);
  }

  #failed(error: unknown): void {
    this.#failing = { since: this.#failing?.since ?? this.parts.now(), message: messageOf(error) };
    this.parts.onFailure(this.projection.name, error);
  }
}
