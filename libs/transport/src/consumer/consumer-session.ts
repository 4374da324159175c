// One Kafka consumer for one projection, from joining its group until it is stopped or makes no progress.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { readLogIdentity, type Position } from '#event-log';
import { eventOf } from '../wire/index.js';
import { PartitionLag } from './partition-lag.js';
import { Fenced, PartitionFeed, type FeedMessage, type FeedParts } from './partition-feed.js';

export type ConsumerSessionParts = FeedParts & {
  readonly kafka: Kafka;
  readonly topic: string;
  /** The last position that was sent to each partition, as the relay recorded it. */
  readonly sent: () => Promise<ReadonlyMap<number, Position>>;
  /** Called with failures that are retried. */
  readonly onFailure: (error: unknown) => void;
  /** Called after each success. */
  readonly onSuccess: () => void;
};

/** One consumer group for each projection and generation of the log: its members share the partitions. */
export function groupOf(topic: string, projection: string, generation: string): string {
  return `${topic}.${projection}.${generation}`;
}

const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1_000;
// How long a broker waits for new messages, and so the longest that a stop waits for it.
const FETCH_WAIT_MS = 500;
const CONCURRENT_PARTITIONS = 3;
const CHUNK_EVENTS = 500;
const COMMIT_EVERY_MS = 500;
const CHECK_EVERY_MS = 1_000;
/** Without a fetch for this long, the client is not expected to recover by itself. */
const FETCH_TIMEOUT_MS = 15_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const DISCONNECT_TIMEOUT_MS = 6_000;

export class ConsumerSession {
  readonly #consumer: Consumer;
  #feeds: ReadonlyMap<number, PartitionFeed> = new Map();
  readonly #lag = new PartitionLag();
  #lastFetchAt = performance.now();
  #committedAt = 0;
  #hasJoined = false;
  #isOver = false;

  constructor(private readonly parts: ConsumerSessionParts) {
    this.#consumer = parts.kafka.consumer({
      groupId: groupOf(parts.topic, parts.projection.name, parts.identity.generation),
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      // We detect a dead consumer ourselves and create a new one.
      retry: {
        initialRetryTime: FIRST_PAUSE_MS,
        maxRetryTime: LONGEST_PAUSE_MS,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
  }

  /** The partitions that the group has assigned to this process. */
  get feeds(): readonly PartitionFeed[] {
    return [...this.#feeds.values()];
  }

  /** Resolves with null when it was stopped, and with the reason if a new consumer is needed. */
  async run(signal: AbortSignal): Promise<string | null> {
    const { events } = this.#consumer;
    const dead = new Promise<string>((resolve) => {
      this.#consumer.on(events.CRASH, ({ payload: { error } }) => {
        resolve(`the client gave up: ${error.message}`);
      });
    });
    this.#consumer.on(events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      this.#assigned(memberAssignment[this.parts.topic] ?? []);
    });
    this.#consumer.on(events.FETCH, () => {
      this.#lastFetchAt = performance.now();
    });
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topic: this.parts.topic, fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
      return await Promise.race([dead, this.#watchProgress(signal)]);
    } finally {
      this.#isOver = true;
      await this.#leave();
    }
  }

  /** A new generation of the group: another process may have owned our partitions in between. */
  #assigned(partitions: readonly number[]): void {
    this.#feeds = new Map(partitions.map((partition) => [partition, new PartitionFeed(partition, this.parts)]));
    this.#lag.forget();
    this.#hasJoined = true;
    this.#lastFetchAt = performance.now();
    // At once, so that the previous owner stops. If this fails, the first batch claims.
    for (const feed of this.#feeds.values()) feed.claim().catch(this.parts.onFailure);
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    for (let first = 0; first < batch.messages.length; first += CHUNK_EVENTS) {
      const chunk = batch.messages.slice(first, first + CHUNK_EVENTS);
      if (!(await this.#takeWithRetry(payload, this.#read(chunk)))) return;
      payload.resolveOffset(chunk.at(-1)?.offset ?? batch.lastOffset());
    }
    await this.#commit(payload);
  }

  /** False if the partition is no longer assigned to us. */
  async #takeWithRetry(payload: EachBatchPayload, events: readonly FeedMessage[]): Promise<boolean> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const feed = this.#feeds.get(payload.batch.partition);
      if (!payload.isRunning() || payload.isStale() || this.#isOver || !feed) return false;
      const isTaken = await this.#try(feed, () => feed.take(events));
      // If we are no longer in the group, the client throws here and joins again.
      await payload.heartbeat();
      if (isTaken) return true;
      await sleep(pauseMs);
    }
  }

  /** A message that is not ours is skipped. If it replaced one of ours, the next message's `prev` shows the hole. */
  #read(messages: readonly KafkaMessage[]): readonly FeedMessage[] {
    return messages.flatMap((message) => {
      try {
        return [eventOf(message)];
      } catch (error) {
        this.parts.counts.add('stray');
        this.parts.onFailure(error);
        return [];
      }
    });
  }

  /** False if it has to be retried. */
  async #try(feed: PartitionFeed, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.parts.onSuccess();
      return true;
    } catch (error) {
      this.parts.onFailure(error);
      // If the group still assigns it to us, a late process has claimed it, or the log was repartitioned: claim it again.
      if (error instanceof Fenced && this.#feeds.get(feed.partition) === feed) {
        this.#feeds = new Map(this.#feeds).set(feed.partition, new PartitionFeed(feed.partition, this.parts));
      }
      return false;
    }
  }

  // Only saves a restart from receiving duplicates: the checkpoints that count are stored with the rows.
  async #commit(payload: EachBatchPayload): Promise<void> {
    if (performance.now() - this.#committedAt < COMMIT_EVERY_MS) return;
    this.#committedAt = performance.now();
    await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
  }

  /** Checks the progress from time to time, by what the log's tables say and not by what the client reports. */
  async #watchProgress(signal: AbortSignal): Promise<string | null> {
    for (;;) {
      await sleep(CHECK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return null;
      const reason = await this.#checkProgress().catch((error: unknown) => {
        this.parts.onFailure(error);
        return null;
      });
      if (reason !== null) return reason;
    }
  }

  async #checkProgress(): Promise<string | null> {
    const now = performance.now();
    if (now - this.#lastFetchAt > FETCH_TIMEOUT_MS) return `nothing was fetched for ${FETCH_TIMEOUT_MS} ms`;
    const sent = await this.parts.sent();
    const isRepartitioned = this.feeds.some(({ partitions }) => partitions !== 0 && partitions !== sent.size);
    if (isRepartitioned) return `the log has ${sent.size} partitions now`;
    const { generation } = await readLogIdentity(this.parts.sql);
    if (generation !== this.parts.identity.generation) return 'the log has a new generation';
    for (const feed of this.feeds) {
      const goal = sent.get(feed.partition) ?? 0;
      // What was sent long ago and has not arrived may be the lost end of the topic.
      if (this.#lag.isOverdue(feed, goal, now)) await this.#try(feed, () => feed.backfillTo(goal));
    }
    // Without traffic no batch reports success. A failed batch leaves its partition with lag, so it does not count as one.
    const hasAll = this.feeds.every(({ partition, position }) => position >= (sent.get(partition) ?? 0));
    if (this.#hasJoined && hasAll) this.parts.onSuccess();
    return null;
  }

  async #leave(): Promise<void> {
    const timeout = new AbortController();
    const leaving = this.#consumer.disconnect().catch(this.parts.onFailure);
    // A client that cannot disconnect in time is abandoned: its session expires by itself.
    const late = sleep(DISCONNECT_TIMEOUT_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([leaving, late]);
    timeout.abort();
  }
}
