// Keeps one projection current from the topic: runs one consumer after the other, and reports its state.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '#domain';
import type { FollowerState } from '#projection';
import { ConsumerSession, type ConsumerSessionParts } from './consumer-session.js';
import { Fenced } from './partition-feed.js';

export type KafkaFollowerParts = Omit<ConsumerSessionParts, 'onFailure' | 'onSuccess' | 'onParked'> & {
  readonly now: () => Instant;
  /** For the log line; failures are retried in any case. */
  readonly onFailure: (projection: string, error: unknown) => void;
};

/** `partitions`: those that this process owns, in order. */
export type KafkaFollowerState = FollowerState & { readonly partitions: readonly number[] };

/** Why a consumer was replaced. */
class NoProgress extends Error {
  override readonly name = 'NoProgress';
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

export class KafkaFollower {
  #session: ConsumerSession | null = null;
  #failing: FollowerState['failing'] = null;

  constructor(private readonly parts: KafkaFollowerParts) {}

  get state(): KafkaFollowerState {
    const feeds = this.#session?.feeds ?? [];
    const positions = feeds.map(({ position }) => position);
    return {
      projection: this.parts.projection.name,
      position: positions.length === 0 ? 0 : Math.min(...positions),
      failing: this.#failing,
      takenOver: false,
      partitions: feeds.map(({ partition }) => partition).sort((one, other) => one - other),
    };
  }

  async follow(signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const begunAt = performance.now();
      const ended = await this.#runSession(signal);
      if (ended === null) return;
      this.parts.counts.add('recreated');
      this.#failed(ended);
      if (performance.now() - begunAt > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  /** What ended it; null: it was stopped. */
  async #runSession(signal: AbortSignal): Promise<unknown> {
    const { name } = this.parts.projection;
    const consumption = new ConsumerSession({
      ...this.parts,
      onParked: (parked) => {
        this.parts.onFailure(name, parked);
      },
      onFailure: (error) => {
        this.#failed(error);
      },
      onSuccess: () => {
        this.#failing = null;
      },
    });
    this.#session = consumption;
    try {
      const reason = await consumption.live(signal);
      return reason === null ? null : new NoProgress(`the consumer of ${name} is replaced: ${reason}`);
    } catch (error) {
      return error;
    }
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    // To be fenced is expected when partitions move, and is no failure of this process.
    if (!(error instanceof Fenced)) this.#failing = { since: this.#failing?.since ?? this.parts.now(), message };
    this.parts.onFailure(this.parts.projection.name, error);
  }
}
