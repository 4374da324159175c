// Keeps one projection current from the topic: runs one consumer after the other, and reports its state.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '#domain';
import { readLogIdentity, type LogIdentity } from '#event-log';
import type { FollowerState } from '#projection';
import { ConsumerSession, type ConsumerSessionParts } from './consumer-session.js';
import { ForeignMessages } from './foreign-messages.js';
import { Fenced } from './partition-feed.js';

export type KafkaFollowerParts = Omit<
  ConsumerSessionParts,
  'identity' | 'onFailure' | 'onSuccess' | 'onParked' | 'onForeign'
> & {
  readonly now: () => Instant;
  /** For the log line; failures are retried in any case. */
  readonly onFailure: (projection: string, error: unknown) => void;
};

/** `partitions`: those that this process owns, in order. */
export type KafkaFollowerState = FollowerState & { readonly partitions: readonly number[] };

/** For the log line, once. */
class ForeignMessagesFound extends Error {
  override readonly name = 'ForeignMessagesFound';
}

/** Why a consumer was replaced. */
class NoProgress extends Error {
  override readonly name = 'NoProgress';
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

export class KafkaFollower {
  #session: ConsumerSession | null = null;
  #failing: FollowerState['failing'] = null;
  readonly #foreign: ForeignMessages;

  constructor(private readonly parts: KafkaFollowerParts) {
    this.#foreign = new ForeignMessages(parts.topic);
  }

  get state(): KafkaFollowerState {
    const feeds = this.#session?.feeds ?? [];
    const positions = feeds.map(({ position }) => position);
    return {
      projection: this.parts.projection.name,
      position: positions.length === 0 ? 0 : Math.min(...positions),
      failing: this.#failing,
      takenOver: false,
      warning: this.#foreign.warning,
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
    try {
      const identity = await readLogIdentity(this.parts.sql);
      this.#session = this.#newSession(identity);
      const reason = await this.#session.run(signal);
      return reason === null ? null : new NoProgress(`the consumer of ${name} is replaced: ${reason}`);
    } catch (error) {
      return error;
    }
  }

  #newSession(identity: LogIdentity): ConsumerSession {
    const { name } = this.parts.projection;
    return new ConsumerSession({
      ...this.parts,
      identity,
      onForeign: (messages) => {
        const before = this.#foreign.warning;
        this.#foreign.add(messages, identity);
        const { warning } = this.#foreign;
        if (before === null && warning !== null) this.parts.onFailure(name, new ForeignMessagesFound(warning));
      },
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
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    // To be fenced is expected when partitions move, and is no failure of this process.
    if (!(error instanceof Fenced)) this.#failing = { since: this.#failing?.since ?? this.parts.now(), message };
    this.parts.onFailure(this.parts.projection.name, error);
  }
}
