// The way into the topic: one producer, made anew after every failure.
import type { Kafka, Producer } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from './batch.js';

/** The topic is not as the layout has it. Nothing is sent until it is. */
export class TooFewPartitions extends Error {
  override readonly name = 'TopicTooSmall';
  constructor(topic: string, there: number, wanted: number) {
    super(`${topic} has ${there} partitions, and the log is cut into ${wanted}: run \`npx barada topics\``);
  }
}

// The broker's own patience for its replicas; the client's is longer.
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

  /** Resolves once all of it is with the broker. After a failure some of it may be there: send it again. */
  async send({ messages, last }: Batch, partitions: number): Promise<void> {
    try {
      // The client looks now and then only whether a topic has grown.
      if (partitions !== this.#partitions) await this.close();
      this.#partitions = partitions;
      this.#producer ??= await this.#open(partitions);
      const acknowledged = await this.#producer.send({
        topic: this.topic,
        messages: messages.map((message) => ({ ...message, headers: headersOf(message) })),
        acks: ALL_REPLICAS,
        timeout: ACKNOWLEDGE_TIMEOUT_MS,
      });
      // What a partition without a leader should have got, the client can leave out without a word.
      const heard = new Set(acknowledged.map(({ partition }) => partition));
      const unheard = [...last.keys()].filter((partition) => !heard.has(partition));
      if (unheard.length > 0) throw new Error(`${this.topic}: nothing was acknowledged for ${unheard.join(', ')}`);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Within a second; a client that cannot say goodbye is left alone. */
  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    if (producer) await leave(producer);
  }

  async #open(partitions: number): Promise<Producer> {
    const there = await countPartitionsOf(this.kafka, this.topic);
    if (there < partitions) throw new TooFewPartitions(this.topic, there, partitions);
    const producer = this.kafka.producer({
      // The order rests on one batch in flight, and what comes twice is known by its position.
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
    });
    await producer.connect();
    return producer;
  }
}

/** 0 where there is no such topic. */
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
  const patience = new AbortController();
  const late = sleep(DISCONNECT_TIMEOUT_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([client.disconnect().catch(() => undefined), late]);
  patience.abort();
}

// The client's type wants an index, which a type with names of its own does not have.
function headersOf({ headers }: Batch['messages'][number]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}
