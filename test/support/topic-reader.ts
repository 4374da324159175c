// Reads a topic with a plain kafkajs consumer, as a third party would.
import { eventOf } from '#transport';
import type { StoredEvent } from '#event-log';
import { plainKafka, uniqueName, type SharedBroker } from './kafka.js';

export type TopicMessage = {
  readonly partition: number;
  readonly offset: number;
  readonly event: StoredEvent;
  readonly prev: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
};

/** All messages of the topic, by partition and offset. */
export async function readTopic(broker: SharedBroker, topic: string): Promise<readonly TopicMessage[]> {
  const wanted = await countMessages(broker, topic);
  if (wanted === 0) return [];
  const consumer = plainKafka(broker).consumer({ groupId: uniqueName('reader') });
  const messages: TopicMessage[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
        if (!restart) reject(error);
      });
      consumer
        .run({
          autoCommit: false,
          eachMessage: ({ partition, message }) => {
            const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
            messages.push({
              ...{ partition, offset: Number(message.offset), ...eventOf(message) },
              headers: Object.fromEntries(headers) as Record<string, string>,
              bytes: message.value ?? Buffer.alloc(0),
            });
            if (messages.length >= wanted) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return messages.sort((one, other) => one.partition - other.partition || one.offset - other.offset);
}

async function countMessages(broker: SharedBroker, topic: string): Promise<number> {
  const admin = plainKafka(broker).admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
}
