// The topic of the log: made with its settings, brought to them again, and grown; always in this order: Kafka's
// partitions first, then the layout by which they are used.
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { inTransaction, type Sql } from '#database';
import { CannotReducePartitions, repartition, countPartitions, type RepartitionParts } from '#projection';

export type TopicSettings = {
  readonly topic: string;
  /** Of a log that is not cut yet; one that is keeps its number. */
  readonly partitions: number;
  readonly replication: number;
  readonly retentionHours: number;
};

export type TopicParts = RepartitionParts & { readonly kafka: Kafka };

/** What is, and what was changed to come there: one sentence each. */
export type TopicReport = {
  readonly partitions: number;
  readonly replication: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly changes: readonly string[];
};

const HOUR_MS = 3_600_000;
// A region's boundary can be a big event; Kafka's own limit is 1 MB.
const MESSAGE_BYTES_MAX = 16 * 2 ** 20;
// Of every session on every database: any number that nobody else takes.
const LOCK = 5_271_005;
const PAUSE_MS = 200;
const ATTEMPTS_MAX = 50;

/**
 * May be called by any number of processes at once, and again at any time. `growTo`: cuts the log into so many partitions,
 * which changes in which of them a key lies.
 */
export function prepareTopic(
  wanted: TopicSettings,
  parts: TopicParts,
  { growTo }: { readonly growTo?: number } = {},
): Promise<TopicReport> {
  return alone(parts.sql, async () => {
    const admin = parts.kafka.admin();
    try {
      await admin.connect();
      const cut = await countPartitions(parts.sql);
      const partitions = growTo ?? (cut === 0 ? wanted.partitions : cut);
      if (partitions < cut) throw new CannotReducePartitions(cut, partitions);
      const changes = [...(await createOrGrow(admin, { ...wanted, partitions })), ...(await alter(admin, wanted))];
      const layout = await repartition(partitions, parts);
      if (layout.before !== layout.now) changes.push(`the log is cut into ${layout.now} partitions (${layout.before})`);
      return { ...(await describe(admin, wanted.topic)), changes };
    } finally {
      await admin.disconnect();
    }
  });
}

/** What would be changed, in the order in which it would be. Throws where it cannot be done. */
export async function planPartitions(topic: string, partitions: number, parts: TopicParts): Promise<readonly string[]> {
  const admin = parts.kafka.admin();
  try {
    await admin.connect();
    const cut = await countPartitions(parts.sql);
    if (partitions < cut) throw new CannotReducePartitions(cut, partitions);
    const there = (await admin.listTopics()).includes(topic) ? (await describe(admin, topic)).partitions : 0;
    return [
      ...(there < partitions ? [`Kafka: ${topic} from ${there} to ${partitions} partitions`] : []),
      ...(cut < partitions ? [`all read models to one position, then the log from ${cut} to ${partitions}`] : []),
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
  return [`${topic} was made with ${partitions} partitions, on ${replication} brokers each`];
}

/** The client's own way of waiting takes "not there yet" for a failure. */
async function waitForLeaders(admin: Admin, topic: string, wanted: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const led = await countLeaders(admin, topic).catch((error: unknown) => {
      if (attempt === ATTEMPTS_MAX) throw error;
      return 0;
    });
    if (led >= wanted) return;
    if (attempt === ATTEMPTS_MAX)
      throw new kafkajs.KafkaJSError(`${topic} has leaders for ${led} partitions of ${wanted} only`);
    await sleep(PAUSE_MS);
  }
}

async function countLeaders(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0;
}

async function alter(admin: Admin, { topic, ...wanted }: TopicSettings): Promise<string[]> {
  const { settings } = await describe(admin, topic);
  const different = Object.entries(settingsOf(wanted)).filter(([name, value]) => settings[name] !== value);
  if (different.length === 0) return [];
  // All of ours: what is not named falls back to the broker's own.
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
    // With acks -1: acknowledged is on two brokers, where there are two to have it.
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

/** One at a time, over all processes; who comes second waits for as long as it takes. */
async function alone<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const done = await inTransaction(sql, async (session) => {
      const [lock] = await session<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as taken`;
      return lock?.taken === true ? { result: await work() } : null;
    });
    if (done) return done.result;
    await sleep(PAUSE_MS);
  }
}
