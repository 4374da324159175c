// Creates the topic of the log, applies its settings, and adds partitions: always first to the topic in Kafka, then to the
// log.
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { inTransaction, type Sql } from '#database';
import { CannotReducePartitions, repartition, countPartitions, type RepartitionParts } from '#projection';
import { tryTopicLock } from './topic-lock.sql.js';

export type TopicSettings = {
  readonly topic: string;
  /** For a log that is not partitioned yet; a partitioned log keeps its number. */
  readonly partitions: number;
  readonly replication: number;
  readonly retentionHours: number;
};

export type TopicParts = RepartitionParts & { readonly kafka: Kafka };

/** The topic as it is now, and what was changed: one sentence each. */
export type TopicReport = {
  readonly partitions: number;
  readonly replication: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly changes: readonly string[];
};

const HOUR_MS = 3_600_000;
// The boundary of a region can be a large event; Kafka's own limit is 1 MB.
const MESSAGE_BYTES_MAX = 16 * 2 ** 20;
const PAUSE_MS = 200;
const ATTEMPTS_MAX = 50;

/**
 * May be called by any number of processes concurrently, and repeated at any time. `growTo`: the new number of
 * partitions, which changes the partition of most keys.
 */
export function prepareTopic(
  wanted: TopicSettings,
  parts: TopicParts,
  { growTo }: { readonly growTo?: number } = {},
): Promise<TopicReport> {
  return withTopicLock(parts.sql, async () => {
    const admin = parts.kafka.admin();
    try {
      await admin.connect();
      const current = await countPartitions(parts.sql);
      const partitions = growTo ?? (current === 0 ? wanted.partitions : current);
      if (partitions < current) throw new CannotReducePartitions(current, partitions);
      const changes = [
        ...(await createOrGrow(admin, { ...wanted, partitions })),
        ...(await applySettings(admin, wanted)),
      ];
      const change = await repartition(partitions, parts);
      if (change.before !== change.now) changes.push(`the log has ${change.now} partitions (${change.before})`);
      return { ...(await describe(admin, wanted.topic)), changes };
    } finally {
      await admin.disconnect();
    }
  });
}

/** The planned changes in order. Throws if they are not possible. */
export async function planPartitions(topic: string, partitions: number, parts: TopicParts): Promise<readonly string[]> {
  const admin = parts.kafka.admin();
  try {
    await admin.connect();
    const current = await countPartitions(parts.sql);
    if (partitions < current) throw new CannotReducePartitions(current, partitions);
    const there = (await admin.listTopics()).includes(topic) ? (await describe(admin, topic)).partitions : 0;
    return [
      ...(there < partitions ? [`Kafka: ${topic} from ${there} to ${partitions} partitions`] : []),
      ...(current < partitions
        ? [`align all read models, then repartition the log from ${current} to ${partitions}`]
        : []),
    ];
  } finally {
    await admin.disconnect();
  }
}

async function createOrGrow(
  admin: Admin,
  { topic, partitions, replication, ...wanted }: TopicSettings,
): Promise<string[]> {
  const there = (await admin.listTopics()).includes(topic) ? (await describe(admin, topic)).partitions : 0;
  if (there >= partitions) return [];
  if (there > 0) {
    await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] });
    await waitForLeaders(admin, topic, partitions);
    return [`${topic} has ${partitions} partitions (${there})`];
  }
  const configEntries = Object.entries(settingsOf({ replication, ...wanted })).map(([name, value]) => ({
    name,
    value,
  }));
  const topics = [{ topic, numPartitions: partitions, replicationFactor: replication, configEntries }];
  await admin.createTopics({ topics, waitForLeaders: false });
  await waitForLeaders(admin, topic, partitions);
  return [`${topic} was created with ${partitions} partitions, each on ${replication} brokers`];
}

/** The client's own way of waiting fails while the topic is not there yet. */
async function waitForLeaders(admin: Admin, topic: string, wanted: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const led = await countLeaders(admin, topic).catch((error: unknown) => {
      if (attempt === ATTEMPTS_MAX) throw error;
      return 0;
    });
    if (led >= wanted) return;
    if (attempt === ATTEMPTS_MAX)
      throw new kafkajs.KafkaJSError(`only ${led} of ${wanted} partitions of ${topic} have a leader`);
    await sleep(PAUSE_MS);
  }
}

async function countLeaders(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0;
}

async function applySettings(admin: Admin, { topic, ...wanted }: TopicSettings): Promise<string[]> {
  const { settings } = await describe(admin, topic);
  const different = Object.entries(settingsOf(wanted)).filter(([name, value]) => settings[name] !== value);
  if (different.length === 0) return [];
  // All of our settings: those that are not named fall back to the broker's.
  const configEntries = Object.entries(settingsOf(wanted)).map(([name, value]) => ({ name, value }));
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries };
  await admin.alterConfigs({ validateOnly: false, resources: [resource] });
  return different.map(([name, value]) => `${topic}: ${name} is ${value} (${settings[name] ?? 'unset'})`);
}

function settingsOf({
  replication,
  retentionHours,
}: Omit<TopicSettings, 'topic' | 'partitions'>): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionHours * HOUR_MS),
    // With acks -1, an acknowledged message is on two brokers if there are two.
    'min.insync.replicas': String(Math.min(2, replication)),
    'max.message.bytes': String(MESSAGE_BYTES_MAX),
  };
}

async function describe(admin: Admin, topic: string): Promise<Omit<TopicReport, 'changes'>> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions ?? [];
  const configNames = Object.keys(settingsOf({ replication: 1, retentionHours: 1 }));
  const { resources } = await admin.describeConfigs({
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames }],
    includeSynonyms: false,
  });
  const entries = resources[0]?.configEntries ?? [];
  return {
    partitions: partitions.length,
    replication: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    settings: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
  };
}

/** One caller at a time, across all processes; the others wait as long as it takes. */
async function withTopicLock<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const done = await inTransaction(sql, async (session) => {
      return (await tryTopicLock(session)) ? { result: await work() } : null;
    });
    if (done) return done.result;
    await sleep(PAUSE_MS);
  }
}
