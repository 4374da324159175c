// Deletes messages from a topic, to simulate data loss in a broker.
import type { Admin } from 'kafkajs';
import { kafkaClient } from '#transport';

type Ends = Awaited<ReturnType<Admin['fetchTopicOffsets']>>;

/** Number of messages ever written to a topic. */
export function messageCount(brokers: readonly string[], topic: string): Promise<number> {
  return asAdmin(brokers, async (admin) => sumOf(await admin.fetchTopicOffsets(topic)));
}

/** Deletes all messages of a topic and returns how many were ever written to it. */
export function deleteMessages(brokers: readonly string[], topic: string): Promise<number> {
  return asAdmin(brokers, async (admin) => {
    const now = await admin.fetchTopicOffsets(topic);
    const full = now.filter(({ low, high }) => low !== high);
    const partitions = full.map(({ partition, high }) => ({ partition, offset: high }));
    if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions });
    return sumOf(now);
  });
}

function sumOf(partitions: Ends): number {
  return partitions.reduce((sum, { high }) => sum + Number(high), 0);
}

async function asAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient({ brokers, ssl: false, sasl: null }, { clientId: 'faults', log: () => undefined }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
