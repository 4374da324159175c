import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Producer } from 'kafkajs';
import { repartition, compareWithLog, partitionOf, PostgresCheckpoints } from '#projection';
import {
  describeWithKafka,
  newTopic,
  plainKafka,
  startOwnBroker,
  BROKER_TIMEOUT_MS,
} from '../../../../test/support/kafka.js';
import { eventually } from '../../../../test/support/eventually.js';
import { StreamList, StreamListSystem } from '../../../../test/support/stream-list.js';
import { kafkaClient } from '../kafka/client.js';
import { messageOf } from '../wire/index.js';
import type { ConsumerAnomaly } from './anomaly-counts.js';
import { KafkaRunner } from './kafka-runner.js';

const PARTITIONS = 3;
const PATIENCE_MS = 40_000;

type Member = { readonly runner: KafkaRunner; readonly met: (met: ConsumerAnomaly) => number };

describeWithKafka('Projections that follow a topic', (broker) => {
  let system: StreamListSystem;
  let topic: string;
  let producer: Producer;
  let running: KafkaRunner[] = [];
  const projection = new StreamList();
  const failures: string[] = [];
  beforeAll(async () => {
    system = await StreamListSystem.open();
    topic = await newTopic(broker, PARTITIONS);
    await repartition(PARTITIONS, { ...system.dependencies, projections: [projection] });
    await system.owner`insert into feed (epoch) values (1) on conflict do nothing`;
    producer = plainKafka(broker).producer();
    await producer.connect();
  });
  afterEach(async () => {
    await Promise.all(running.map((runner) => runner.stop()));
    running = [];
  });
  afterAll(async () => {
    await producer.disconnect();
    await system.close();
  });

  function start(brokers = broker.brokers): Member {
    const access = { brokers, ssl: false, sasl: null };
    const runner = new KafkaRunner({
      ...system.dependencies,
      kafka: kafkaClient(access, { clientId: 'spec', log: () => undefined }),
      topic,
      projections: [projection],
      now: () => '2017-01-15T10:00:00.000Z',
      onFailure: (_, error) => failures.push(String(error)),
    });
    runner.start();
    running.push(runner);
    return { runner, met: (met) => runner.counts.get(projection.name)?.of(met) ?? 0 };
  }

  /** Sends what the log has and the topic has not, as the relay does; `isLost` names positions that get lost on the way. */
  async function relay(isLost: (position: number) => boolean = () => false, by = producer): Promise<void> {
    const [feed] = await system.owner<{ position: number }[]>`select position::int as position from feed`;
    const rows = await system.owner<{ partition: number; last: number }[]>`
      select partition, last::int as last from feed_partitions`;
    const last = new Map(rows.map(({ partition, last: position }) => [partition, position]));
    const events = await system.dependencies.log.read(feed?.position ?? 0, 10_000);
    for (const event of events) {
      const partition = partitionOf(event.key, PARTITIONS);
      const { key, value, headers } = messageOf(event, last.get(partition) ?? 0);
      last.set(partition, event.position);
      if (!isLost(event.position)) await by.send({ topic, acks: -1, messages: [{ key, value, headers, partition }] });
    }
    for (const [partition, position] of last) {
      await system.owner`update feed_partitions set last = ${position} where partition = ${partition}`;
    }
    await system.owner`update feed set position = ${events.at(-1)?.position ?? feed?.position ?? 0}`;
  }

  async function more(count: number): Promise<number> {
    let position = 0;
    for (let appended = 0; appended < count; appended += 1) position = await system.append();
    return position;
  }

  async function untilWhole(): Promise<void> {
    const { position } = await system.dependencies.log.head();
    const checkpoints = new PostgresCheckpoints(system.dependencies.sql);
    expect(await checkpoints.isReached(projection.name, position, PATIENCE_MS)).toBe(true);
    expect(await compareWithLog(projection, system.dependencies)).toMatchObject({ equal: true });
  }

  it(
    'share its partitions, and are whole together',
    async () => {
      await more(30);
      await relay();
      const [one, other] = [start(), start()];
      await untilWhole();
      await eventually(() => {
        const owned = [one, other].flatMap(({ runner }) => runner.states[0]?.partitions ?? []);
        expect(owned.sort()).toEqual([0, 1, 2]);
      }, PATIENCE_MS);
      await more(30);
      await relay();
      await untilWhole();
    },
    PATIENCE_MS,
  );

  it(
    'go on where they stopped, however many there are then, and drop what comes twice',
    async () => {
      const { met } = start();
      await more(10);
      await relay();
      await untilWhole();
      await Promise.all(running.map((runner) => runner.stop()));
      await system.owner`update feed set position = 0`;
      await system.owner`update feed_partitions set last = 0`;
      await more(5);
      await relay();
      const again = start();
      await untilWhole();
      await eventually(() => {
        expect(again.met('duplicate')).toBeGreaterThanOrEqual(70);
      }, PATIENCE_MS);
      expect([met('hole'), again.met('hole')]).toEqual([0, 0]);
    },
    PATIENCE_MS,
  );

  it(
    'read from the log what was lost on the way',
    async () => {
      const { met } = start();
      const before = (await system.dependencies.log.head()).position;
      await more(20);
      await relay((position) => position > before + 2 && position <= before + 12);
      await more(9);
      await relay();
      await untilWhole();
      expect(met('hole')).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it(
    'read from the log the lost end of the topic, behind which nothing comes',
    async () => {
      const { met } = start();
      const before = (await system.dependencies.log.head()).position;
      await more(6);
      await relay((position) => position > before + 3);
      await untilWhole();
      expect(met('hole')).toBe(3);
    },
    PATIENCE_MS,
  );

  it(
    'are not held up by what somebody else has written to the topic',
    async () => {
      const { met } = start();
      const messages = [0, 1, 2].map((partition) => ({ partition, key: 'x', value: 'hello' }));
      await producer.send({ topic, messages });
      await more(5);
      await relay();
      await untilWhole();
      await eventually(() => {
        expect(met('stray')).toBe(3);
      });
    },
    PATIENCE_MS,
  );

  it(
    'find their way in a topic that was deleted and made anew',
    async () => {
      start();
      await more(3);
      await relay();
      await untilWhole();
      const admin = plainKafka(broker).admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [topic] });
      await eventually(() =>
        admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true }),
      );
      await admin.disconnect();
      await more(6);
      await eventually(() => relay(), PATIENCE_MS);
      await untilWhole();
    },
    2 * PATIENCE_MS,
  );

  it(
    'come back after the broker was killed',
    async () => {
      const own = await startOwnBroker();
      try {
        const admin = plainKafka(own).admin();
        await admin.connect();
        await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
        await admin.disconnect();
        const sender = plainKafka(own).producer();
        await sender.connect();
        start(own.brokers);
        await more(5);
        await relay(undefined, sender);
        await untilWhole();
        await own.kill();
        await own.restart();
        await more(5);
        await eventually(() => relay(undefined, sender), PATIENCE_MS);
        await untilWhole();
        await sender.disconnect();
        await Promise.all(running.map((runner) => runner.stop()));
      } finally {
        await own.discard();
      }
    },
    BROKER_TIMEOUT_MS,
  );
});
