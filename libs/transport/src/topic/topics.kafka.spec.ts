import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { countPartitions } from '#projection';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { describeWithKafka, plainKafka, uniqueName, type SharedBroker } from '../../../../test/support/kafka.js';
import { kafkaClient } from '../kafka/client.js';
import { planPartitions, prepareTopic, type TopicParts, type TopicSettings } from './topics.js';

let database: TestDatabase;
let topic: string;
beforeEach(async () => {
  database = await openTestDatabase();
  topic = uniqueName('events');
});
afterEach(() => database.drop());

function parts({ brokers }: SharedBroker): TopicParts {
  const kafka = kafkaClient({ brokers, ssl: false, sasl: null }, { clientId: 't', log: () => undefined });
  return { kafka, log: database.log, sql: database.databases.analysis, projections: [] };
}

function wanted(given: Partial<TopicSettings> = {}): TopicSettings {
  return { topic, partitions: 3, replication: 1, retentionHours: 168, ...given };
}

async function partitionsInKafka(broker: SharedBroker): Promise<number> {
  const admin = plainKafka(broker).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return topics[0]?.partitions.length ?? 0;
}

describeWithKafka('The topic of the log', (broker) => {
  it('is created with its settings, and the log is partitioned like it; a second call changes nothing', async () => {
    const first = await prepareTopic(wanted(), parts(broker));
    expect(first).toMatchObject({
      ...{ partitions: 3, replication: 1 },
      settings: {
        ...{ 'retention.ms': '604800000', 'min.insync.replicas': '1' },
        ...{ 'cleanup.policy': 'delete', 'max.message.bytes': '16777216' },
      },
    });
    expect(first.changes).toHaveLength(2);
    expect(await countPartitions(parts(broker).sql)).toBe(3);
    expect(await prepareTopic(wanted({ partitions: 5 }), parts(broker))).toEqual({ ...first, changes: [] });
  });

  it('gets changed settings', async () => {
    await prepareTopic(wanted(), parts(broker));
    const { settings, changes } = await prepareTopic(wanted({ retentionHours: 24 }), parts(broker));
    expect(settings).toMatchObject({ 'retention.ms': '86400000', 'max.message.bytes': '16777216' });
    expect(changes).toEqual([`${topic}: retention.ms is 86400000 (604800000)`]);
  });

  it('is created once by concurrent callers', async () => {
    const reports = await Promise.all([1, 2, 3].map(() => prepareTopic(wanted(), parts(broker))));
    expect(reports.filter(({ changes }) => changes.length > 0)).toHaveLength(1);
  });

  it('grows as planned: first Kafka, then the log; never shrinks', async () => {
    await prepareTopic(wanted(), parts(broker));
    const plan = await planPartitions(topic, 5, parts(broker));
    expect(plan).toEqual([
      `Kafka: ${topic} from 3 to 5 partitions`,
      'align all read models, then repartition the log from 3 to 5',
    ]);
    expect(await partitionsInKafka(broker)).toBe(3);
    const { changes, partitions } = await prepareTopic(wanted(), parts(broker), { growTo: 5 });
    expect(partitions).toBe(5);
    expect(changes).toHaveLength(2);
    expect(await countPartitions(parts(broker).sql)).toBe(5);
    expect(await planPartitions(topic, 5, parts(broker))).toEqual([]);
    await expect(prepareTopic(wanted(), parts(broker), { growTo: 4 })).rejects.toThrow(/only more are possible/);
    await expect(planPartitions(topic, 4, parts(broker))).rejects.toThrow(/only more are possible/);
  });

  it('is created with the partitions of the log after somebody has deleted it', async () => {
    await prepareTopic(wanted(), parts(broker), { growTo: 4 });
    const admin = plainKafka(broker).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    expect(await prepareTopic(wanted(), parts(broker))).toMatchObject({ partitions: 4 });
  });
});
