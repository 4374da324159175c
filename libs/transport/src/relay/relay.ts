// Sends the log to Kafka. Any number of relays may run: one is active, the others stand by.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import type { Sql } from '#database';
import type { Instant } from '#domain';
import type { EventLog, Position, StoredEvent } from '#event-log';
import { runLoop } from '#projection';
import { batchOf, type Batch } from './batch.js';
import { relayPosition, type RelayCheckpoint } from './lease-store.js';
import { TopicProducer } from './topic-producer.js';
import { redactError } from './redact-error.js';
import { LeadershipLost, Leadership } from './leadership.js';

export type RelayParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the feed: `databases.analysis`. */
  readonly sql: Sql;
  readonly kafka: Kafka;
  readonly topic: string;
  readonly now: () => Instant;
  /** For the log line; failures are retried for ever. */
  readonly onFailure: (error: unknown) => void;
};

export type RelayState = {
  readonly role: 'stopped' | 'standby' | 'active';
  /** Grows with every active relay; null on standby. */
  readonly epoch: number | null;
  /** Everything up to here is with the broker, as far as this process knows. */
  readonly position: Position;
  readonly failing: { readonly since: Instant; readonly message: string } | null;
  /** Since the process started. */
  readonly sent: { readonly events: number; readonly batches: number };
  /** How often this process has become the active relay, and how often it has lost the leadership. */
  readonly claims: number;
  readonly leadershipLost: number;
};

/** `npx barada topics` has not run yet. */
class NotPartitioned extends Error {
  override readonly name = 'NotPartitioned';
  constructor() {
    super('the log is not partitioned yet: run `npx barada topics`');
  }
}

const PAGE_EVENTS = 500;
const RENEW_MS = 1_000;
const STANDBY_MS = 500;
const PAUSES = { firstPauseMs: 100, longestPauseMs: 2_000 };
// A relay that cannot reach the broker stops renewing its lease: another one may be able to.
const FAILING_MS = 10_000;
// The batch in progress may finish; otherwise the next relay sends it again.
const STOP_MS = 6_000;

export class Relay {
  readonly #producer: TopicProducer;
  readonly #leadership: Leadership;
  #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #failingSince = Infinity;
  #state: RelayState = {
    ...{ role: 'stopped', epoch: null, position: 0, failing: null },
    ...{ sent: { events: 0, batches: 0 }, claims: 0, leadershipLost: 0 },
  };

  constructor(private readonly parts: RelayParts) {
    this.#producer = new TopicProducer(parts.kafka, parts.topic);
    this.#leadership = new Leadership(parts.sql);
  }

  /** For health and metrics. */
  get state(): RelayState {
    return this.#state;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#loop = this.#run(this.#stopping.signal);
  }

  /** Resolves once the batch in progress is recorded and the lease released; after some seconds in any case. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const timeout = new AbortController();
    const late = sleep(STOP_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([this.#loop, late]);
    timeout.abort();
    await this.#release();
    this.#update({ role: 'stopped' });
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#update({ role: 'standby' });
    const renewing = setInterval(() => void this.#renewLease(), RENEW_MS);
    try {
      await runLoop(() => this.#step(signal), {
        ...PAUSES,
        signal,
        onFailure: (error) => {
          this.#failed(error);
        },
      });
    } finally {
      clearInterval(renewing);
    }
  }

  async #step(signal: AbortSignal): Promise<void> {
    const from = await this.#checkpoint();
    if (from === null) await sleep(STANDBY_MS, undefined, { signal }).catch(() => undefined);
    else await this.#sendFrom(from, signal);
    this.#succeeded();
  }

  /** Null: another relay is active. */
  async #checkpoint(): Promise<RelayCheckpoint | null> {
    const now = await this.#leadership.checkpoint();
    if (now === null) {
      this.#update({ role: 'standby', epoch: null, position: await relayPosition(this.parts.sql) });
      return null;
    }
    const { epoch, position } = now;
    const { claims } = this.#state;
    this.#update({ role: 'active', epoch, position, claims: epoch === this.#state.epoch ? claims : claims + 1 });
    return now;
  }

  /** Sends everything up to the head, reading the next page while a batch is in progress; then waits for more. */
  async #sendFrom(from: RelayCheckpoint, signal: AbortSignal): Promise<void> {
    if (from.last.size === 0) throw new NotPartitioned();
    const { log } = this.parts;
    let at = from;
    let events = await log.read(at.position, PAGE_EVENTS);
    while (events.length > 0 && !signal.aborted) {
      const ahead = this.#prefetch(events);
      at = await this.#send(at, batchOf(events, at));
      const rest = events.filter(({ position }) => position > at.position);
      events = rest.length > 0 ? rest : await ahead();
    }
    if (!signal.aborted) await log.waitForEventAfter(at.position, RENEW_MS, signal);
  }

  /** Starts to read what follows a full page; the returned function gets it, or the failure. */
  #prefetch(events: readonly StoredEvent[]): () => Promise<readonly StoredEvent[]> {
    const { log } = this.parts;
    const end = events.at(-1)?.position ?? 0;
    if (events.length < PAGE_EVENTS) return () => log.read(end, PAGE_EVENTS);
    const ahead = log.read(end, PAGE_EVENTS);
    ahead.catch(() => undefined);
    return () => ahead;
  }

  async #send(from: RelayCheckpoint, batch: Batch): Promise<RelayCheckpoint> {
    await this.#producer.send(batch, from.last.size);
    const now = await this.#leadership.save(from, batch);
    this.#succeeded();
    const { events, batches } = this.#state.sent;
    this.#update({ position: now.position, sent: { events: events + batch.events, batches: batches + 1 } });
    return now;
  }

  async #renewLease(): Promise<void> {
    if (performance.now() - this.#failingSince <= FAILING_MS) await this.#leadership.renew();
  }

  async #release(): Promise<void> {
    await Promise.all([this.#leadership.release().catch(this.parts.onFailure), this.#producer.close()]);
  }

  #succeeded(): void {
    this.#failingSince = Infinity;
    if (this.#state.failing !== null) this.#update({ failing: null });
  }

  #failed(error: unknown): void {
    this.#leadership.markUncertain();
    if (error instanceof LeadershipLost) {
      // Expected when another relay takes over.
      this.#update({ role: 'standby', epoch: null, leadershipLost: this.#state.leadershipLost + 1 });
    } else {
      this.#failingSince = Math.min(this.#failingSince, performance.now());
      this.#update({ failing: { since: this.#state.failing?.since ?? this.parts.now(), message: redactError(error) } });
    }
    this.parts.onFailure(error);
  }

  #update(changes: Partial<RelayState>): void {
    this.#state = { ...this.#state, ...changes };
  }
}
