import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Producer } from 'kafkajs';
import { readLogIdentity, startLogGeneration } from '#event-log';
import { repartition, resendFrom, compareWithLog, partitionOf, PostgresCheckpoints } from '#projection';
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

type Member = { readonly runner: KafkaRunner; readonly seen: (kind: ConsumerAnomaly) => number };

describeWithKafka('KafkaRunner', (broker) => {
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
    return { runner, seen: (kind) => runner.counts.get(projection.name)?.of(kind) ?? 0 };
  }

  /** Sends what the topic lacks, as the relay does; `isLost`: positions that are lost on the way. */
  async function relay(isLost: (position: number) => boolean = () => false, by = producer): Promise<void> {
    const [feed] = await system.owner<{ position: number }[]>`select position::int as position from feed`;
    const rows = await system.owner<{ partition: number; last: number }[]>`
      select partition, last::int as last from feed_partitions`;
    const last = new Map(rows.map(({ partition, last: position }) => [partition, position]));
    const log = await readLogIdentity(system.dependencies.sql);
    const events = await system.dependencies.log.read(feed?.position ?? 0, 10_000);
    for (const event of events) {
      const partition = partitionOf(event.key, PARTITIONS);
      const { key, value, headers } = messageOf(event, last.get(partition) ?? 0, log);
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

  async function untilComplete(): Promise<void> {
    const { position } = await system.dependencies.log.head();
    const checkpoints = new PostgresCheckpoints(system.dependencies.sql);
    expect(await checkpoints.isReached(projection.name, position, PATIENCE_MS)).toBe(true);
    expect(await compareWithLog(projection, system.dependencies)).toMatchObject({ equal: true });
  }

  it(
    'shares the partitions between processes',
    async () => {
      await more(30);
      await relay();
      const [one, other] = [start(), start()];
      await untilComplete();
      await eventually(() => {
        const owned = [one, other].flatMap(({ runner }) => runner.states[0]?.partitions ?? []);
        expect(owned.sort()).toEqual([0, 1, 2]);
      }, PATIENCE_MS);
      await more(30);
      await relay();
      await untilComplete();
    },
    PATIENCE_MS,
  );

  it(
    'continues after a restart, and drops duplicates',
    async () => {
      const { seen } = start();
      await more(10);
      await relay();
      await untilComplete();
      await Promise.all(running.map((runner) => runner.stop()));
      await system.owner`update feed set position = 0`;
      await system.owner`update feed_partitions set last = 0`;
      await more(5);
      await relay();
      const again = start();
      await untilComplete();
      await eventually(() => {
        expect(again.seen('duplicate')).toBeGreaterThanOrEqual(70);
      }, PATIENCE_MS);
      expect([seen('hole'), again.seen('hole')]).toEqual([0, 0]);
    },
    PATIENCE_MS,
  );

  it(
    'reads lost messages from the log',
    async () => {
      const { seen } = start();
      const before = (await system.dependencies.log.head()).position;
      await more(20);
      await relay((position) => position > before + 2 && position <= before + 12);
      await more(9);
      await relay();
      await untilComplete();
      expect(seen('hole')).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it(
    'reads the lost end of the topic from the log, without a later message',
    async () => {
      const { seen } = start();
      const before = (await system.dependencies.log.head()).position;
      await more(6);
      await relay((position) => position > before + 3);
      await untilComplete();
      expect(seen('hole')).toBe(3);
    },
    PATIENCE_MS,
  );

  it(
    'is not stopped by messages of other programs',
    async () => {
      const { seen } = start();
      const messages = [0, 1, 2].map((partition) => ({ partition, key: 'x', value: 'hello' }));
      await producer.send({ topic, messages });
      await more(5);
      await relay();
      await untilComplete();
      await eventually(() => {
        expect(seen('stray')).toBe(3);
      });
    },
    PATIENCE_MS,
  );

  it(
    'believes no message that its log does not have: those of another log, and those of a state that was lost',
    async () => {
      const { runner, seen } = start();
      await more(3);
      await relay();
      await untilComplete();
      const { dependencies } = system;
      const head = (await dependencies.log.head()).position;
      const [event] = await dependencies.log.read(head - 1, 1);
      if (!event) throw new Error('the log is empty');
      const other = { log: randomUUID(), generation: randomUUID() };
      for (const log of [other, await readLogIdentity(dependencies.sql)]) {
        const far = { ...event, position: head + 40_000 };
        const { key, value, headers } = messageOf(far, far.position - 1, log);
        const messages = [0, 1, 2].map((partition) => ({ key, value, headers: { ...headers }, partition }));
        await producer.send({ topic, acks: -1, messages });
      }
      await more(3);
      await relay();
      await untilComplete();
      await eventually(() => {
        expect(seen('foreign')).toBe(6);
      }, PATIENCE_MS);
      const checkpoints = await dependencies.sql<{ position: number }[]>`select position from checkpoints`;
      expect(Math.max(...checkpoints.map(({ position }) => position))).toBeLessThanOrEqual(head + 3);
      expect(runner.states[0]?.warning).toMatch(/messages of another log/);
    },
    2 * PATIENCE_MS,
  );

  it(
    'reads the topic again from the start with a new generation of the log',
    async () => {
      const { seen } = start();
      await more(3);
      await relay();
      await untilComplete();
      await startLogGeneration(system.dependencies.sql);
      await resendFrom(0, system.dependencies.sql);
      await more(3);
      await relay();
      await untilComplete();
      await eventually(() => {
        expect(seen('recreated')).toBeGreaterThan(0);
        expect(seen('foreign')).toBeGreaterThan(0);
      }, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  it(
    'continues with a topic that was deleted and created again',
    async () => {
      start();
      await more(3);
      await relay();
      await untilComplete();
      const admin = plainKafka(broker).admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [topic] });
      await eventually(() =>
        admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true }),
      );
      await admin.disconnect();
      await more(6);
      await eventually(() => relay(), PATIENCE_MS);
      await untilComplete();
    },
    2 * PATIENCE_MS,
  );

  it(
    'recovers after the broker was killed',
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
        await untilComplete();
        await own.kill();
        await own.restart();
        await more(5);
        await eventually(() => relay(undefined, sender), PATIENCE_MS);
        await untilComplete();
        await sender.disconnect();
        await Promise.all(running.map((runner) => runner.stop()));
      } finally {
        await own.discard();
      }
    },
    BROKER_TIMEOUT_MS,
  );
});
