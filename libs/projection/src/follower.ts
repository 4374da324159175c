// One projection's loop: read a batch, fold it, move the checkpoint, wait for more.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '#database';
import type { Instant } from '#domain';
import type { EventLog, Position } from '#event-log';
import { claim, readCheckpoint, type Checkpoint } from './checkpoints.js';
import type { Culprit } from './careful.js';
import { fold } from './fold.js';
import { messageOf } from './poison.js';
import type { Projection } from './projection.js';
import { live } from './slot.js';

/**
 * How a projection fares. `failing` tells since when nothing could be folded and why; it is tried again for ever. An
 * event that cannot be folded is no such failure: its key is parked and the others go on.
 */
export type FollowerState = {
  readonly projection: string;
  /** Up to where its rows reach, as far as this process knows. */
  readonly position: Position;
  readonly failing: { readonly since: Instant; readonly message: string } | null;
  /** Another process has taken the projection over; this one writes nothing any more. */
  readonly takenOver: boolean;
};

export type FollowerParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projection's rows. */
  readonly sql: Sql;
  readonly now: () => Instant;
  readonly onAdvance: (projection: string, position: Position) => void;
  readonly onFailure: (projection: string, error: unknown) => void;
};

/** For the log line: from this event on its key waits for somebody to look. */
export class Parked extends Error {
  override readonly name = 'Parked';
  constructor({ key, position, error }: Culprit) {
    super(`event ${position} cannot be folded, so ${key} is parked (see \`barada dead-letters\`): ${error}`);
  }
}

// Read when the last one is written, never ahead: a slow projection holds no more than this in memory.
const BATCH_EVENTS = 500;
const IDLE_PATIENCE_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export class Follower {
  #checkpoint: Checkpoint | null = null;
  /** False after a failure: of a commit under way nobody knows whether it happened. */
  #sure = true;
  #failing: FollowerState['failing'] = null;
  #takenOver = false;

  constructor(
    private readonly projection: Projection,
    private readonly parts: FollowerParts,
  ) {}

  get state(): FollowerState {
    return {
      projection: this.projection.name,
      position: this.#checkpoint?.position ?? 0,
      failing: this.#failing,
      takenOver: this.#takenOver,
    };
  }

  /** Resolves when `signal` aborts, or when another process has taken over. */
  async follow(signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted && !this.#takenOver) {
      try {
        await this.#step(signal);
        this.#failing = null;
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        this.#failed(error);
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
  }

  async #step(signal: AbortSignal): Promise<void> {
    const checkpoint = await this.#whereWeStand();
    if (this.#takenOver) return;
    const batch = await this.parts.log.read(checkpoint.position, BATCH_EVENTS);
    const last = batch.at(-1)?.position;
    if (last === undefined) {
      await this.parts.log.appended(checkpoint.position, IDLE_PATIENCE_MS, signal);
      return;
    }
    const target = { projection: this.projection, slot: live(this.projection) };
    const { written, culprits } = await fold(target, this.parts.sql, checkpoint, batch);
    this.#sure = written;
    if (!written) return;
    for (const culprit of culprits) this.parts.onFailure(this.projection.name, new Parked(culprit));
    this.#checkpoint = { ...checkpoint, position: last };
    this.parts.onAdvance(this.projection.name, last);
  }

  async #whereWeStand(): Promise<Checkpoint> {
    const name = this.projection.name;
    const ours = this.#checkpoint ?? (await claim(this.parts.sql, name));
    const now = this.#sure ? ours : ((await readCheckpoint(this.parts.sql, name)) ?? ours);
    this.#takenOver = now.epoch !== ours.epoch;
    this.#checkpoint = { ...now, epoch: ours.epoch };
    this.#sure = true;
    return this.#checkpoint;
  }

  #failed(error: unknown): void {
    this.#sure = false;
    this.#failing = { since: this.#failing?.since ?? this.parts.now(), message: messageOf(error) };
    this.parts.onFailure(this.projection.name, error);
  }
}
