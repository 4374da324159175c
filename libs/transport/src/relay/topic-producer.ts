// The producer of the topic; it is replaced after every failure.
import type { Kafka, Producer } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from './batch.js';

/** The topic has fewer partitions than the log. Nothing is sent until it has enough. */
export class TooFewPartitions extends Error {
  override readonly name = 'TopicTooSmall';
  constructor(topic: string, there: number, wanted: number) {
    super(`${topic} has ${there} partitions, and the log has ${wanted}: run \`npx barada topics\``);
  }
}

// The broker's timeout for its replicas; the client's is longer.
const ACKNOWLEDGE_TIMEOUT_MS = 8_000;
const ALL_REPLICAS = -1;
const DISCONNECT_TIMEOUT_MS = 1_000;

export class TopicProducer {
  #producer: Producer | null = null;
  #partitions = 0;

  constructor(
    private readonly kafka: Kafka,
    private readonly topic: string,
  ) {}

  /** Resolves once the batch is with the broker. After a failure a part of it may be there: send it again. */
  async send({ messages, last }: Batch, partitions: number): Promise<void> {
    try {
      // The client checks only now and then whether a topic has more partitions.
      if (partitions !== this.#partitions) await this.close();
      this.#partitions = partitions;
      this.#producer ??= await this.#open(partitions);
      const acknowledged = await this.#producer.send({
        topic: this.topic,
        messages: messages.map((message) => ({ ...message, headers: headersOf(message) })),
        acks: ALL_REPLICAS,
        timeout: ACKNOWLEDGE_TIMEOUT_MS,
      });
      // The client can silently leave out the messages of a partition without a leader.
      const confirmed = new Set(acknowledged.map(({ partition }) => partition));
      const missing = [...last.keys()].filter((partition) => !confirmed.has(partition));
      if (missing.length > 0)
        throw new Error(`${this.topic}: Kafka did not acknowledge the messages of partitions ${missing.join(', ')}`);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Takes at most a second; a client that cannot disconnect in time is abandoned. */
  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    if (producer) await leave(producer);
  }

  async #open(partitions: number): Promise<Producer> {
    const there = await countPartitionsOf(this.kafka, this.topic);
    if (there < partitions) throw new TooFewPartitions(this.topic, there, partitions);
    const producer = this.kafka.producer({
      // One batch in flight keeps the order; consumers drop duplicates by position.
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Not on the same connection, which may be dead: the relay retries with a new producer.
      retry: { retries: 0 },
    });
    await producer.connect();
    return producer;
  }
}

/** 0 if there is no such topic. */
export async function countPartitionsOf(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    if (!(await admin.listTopics()).includes(topic)) return 0;
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length ?? 0;
  } finally {
    await leave(admin);
  }
}

async function leave(client: { disconnect: () => Promise<void> }): Promise<void> {
  const timeout = new AbortController();
  const late = sleep(DISCONNECT_TIMEOUT_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
  await Promise.race([client.disconnect().catch(() => undefined), late]);
  timeout.abort();
}

// The client's type requires an index signature.
function headersOf({ headers }: Batch['messages'][number]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}
