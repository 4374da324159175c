import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { CloudEvent, Kafka as CloudEvents } from 'cloudevents';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import {
  BROKER_TIMEOUT_MS,
  describeWithKafka,
  newTopic,
  plainKafka,
  startOwnBroker,
  type Broker,
  type SharedBroker,
} from '../../../../test/support/kafka.js';
import { repartition, partitionOf, resendFrom } from '#projection';
import { kafkaClient } from '../kafka/client.js';
import { kcat } from '../../../../test/support/kcat.js';
import { readTopic, type TopicMessage } from '../../../../test/support/topic-reader.js';
import { claimLeadership, readRelayCheckpoint, saveRelayCheckpoint } from './lease-store.js';
import { Relay } from './relay.js';

const PARTITIONS = 3;
const SECRET = 'a narrative that nobody may read';
const TAKE_OVER_MS = 15_000;
const RESTART_MS = 60_000;
// The first consumer of a broker's life waits until the broker has made its own topic for groups.
jest.setTimeout(120_000);

let database: TestDatabase;
let relays: Relay[] = [];
let failures: string[] = [];

beforeEach(async () => {
  database = await openTestDatabase();
  failures = [];
  await repartition(PARTITIONS, { ...parts(), projections: [] });
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
  await database.drop();
});

function parts(): { readonly log: TestDatabase['log']; readonly sql: TestDatabase['databases']['analysis'] } {
  return { log: database.log, sql: database.databases.analysis };
}

function relayTo({ brokers }: SharedBroker, topic: string): Relay {
  const relay = new Relay({
    ...parts(),
    kafka: kafkaClient({ brokers, ssl: false, sasl: null }, { clientId: 'relay', log: () => undefined }),
    topic,
    now: () => '2017-01-15T10:00:00.000Z',
    onFailure: (error) => failures.push(String(error)),
  });
  relays.push(relay);
  return relay;
}

/** Appends so many events concurrently; resolves with the head. */
async function write(count: number, bytes = 10): Promise<number> {
  const outcomes = await Promise.all(
    Array.from({ length: count }, () => {
      const stream = `report-${randomUUID()}`;
      const data = { report: stream, incident: 'x'.repeat(bytes) };
      const event = { key: stream, event: { type: 'ReportWithdrawn' as const, data }, confidential: { note: SECRET } };
      return database.log.append({
        writes: [{ stream, expected: 0, events: [event] }],
        meta: { by: { who: 'm', role: 'monitor', party: null }, fingerprint: null, correlation: 'c' },
      });
    }),
  );
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['appended']));
  return (await database.log.head()).position;
}

async function reaches(relay: Relay, position: number, patienceMs = TAKE_OVER_MS): Promise<void> {
  await eventually(() => {
    expect(relay.state).toMatchObject({ position, failing: null });
  }, patienceMs);
}

/** Each message has the position of its predecessor in the partition; of repeated positions the first counts. */
function expectUnbroken(messages: readonly TopicMessage[]): void {
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    let last = 0;
    for (const { event, prev } of messages.filter((message) => message.partition === partition)) {
      if (event.position <= last) continue;
      expect(prev).toBe(last);
      last = event.position;
    }
  }
}

async function expectComplete(messages: readonly TopicMessage[]): Promise<void> {
  const events = await database.log.read(0, 100_000);
  const first = new Map(messages.map(({ event }) => [event.position, event]));
  expect([...first.values()].sort((a, b) => a.position - b.position)).toEqual(events);
  for (const { partition, event } of messages) expect(partition).toBe(partitionOf(event.key, PARTITIONS));
  expectUnbroken(messages);
}

describeWithKafka('The relay', (broker) => {
  it('sends everything once, in order, each message with its predecessor, and nothing confidential', async () => {
    const topic = await newTopic(broker, PARTITIONS);
    const before = await write(1_200);
    const relay = relayTo(broker, topic);
    relay.start();
    await reaches(relay, before);
    const after = await write(3);
    await reaches(relay, after);
    const messages = await readTopic(broker, topic);
    expect(messages).toHaveLength(after);
    await expectComplete(messages);
    expect(messages.map(({ bytes }) => bytes.toString()).join('')).not.toContain(SECRET);
    expect(relay.state).toMatchObject({ role: 'active', sent: { events: after }, claims: 1, leadershipLost: 0 });
    expect(failures).toEqual([]);
  });

  it('is read by others as CloudEvents', async () => {
    const topic = await newTopic(broker, PARTITIONS);
    const relay = relayTo(broker, topic);
    relay.start();
    await reaches(relay, await write(1));
    const [message] = await readTopic(broker, topic);
    const value = message?.bytes.toString() ?? '';
    const received = { key: message?.event.key, value, body: value, headers: { ...message?.headers } };
    const read = CloudEvents.toEvent(received);
    expect(read).toBeInstanceOf(CloudEvent);
    expect(read).toMatchObject({ type: 'barada.event.ReportWithdrawn.v1', position: '1', prev: '0' });
  });

  it('is read by kcat, where it is installed', async () => {
    const topic = await newTopic(broker, PARTITIONS);
    const relay = relayTo(broker, topic);
    relay.start();
    await reaches(relay, await write(20));
    const ours = (await readTopic(broker, topic)).map(({ partition, offset, event, headers, bytes }) => ({
      ...{ partition, offset, key: event.key, payload: bytes.toString() },
      headers: Object.entries(headers).flat(),
    }));
    const theirs = (await kcat(broker, topic)) ?? ours;
    expect(theirs).toHaveLength(20);
    expect(theirs).toMatchObject(ours);
  });

  it('splits large events into batches that Kafka accepts', async () => {
    const topic = await newTopic(broker, PARTITIONS);
    const relay = relayTo(broker, topic);
    const end = await write(40, 60_000);
    relay.start();
    await reaches(relay, end);
    expect(relay.state.sent.batches).toBeGreaterThan(2);
    await expectComplete(await readTopic(broker, topic));
  });

  it('reports that the topic has too few partitions, and continues once it has enough', async () => {
    const topic = await newTopic(broker, 1);
    const relay = relayTo(broker, topic);
    const end = await write(5);
    relay.start();
    await eventually(() => {
      expect(relay.state.failing?.message).toMatch(/has 1 partitions, and the log has 3/);
    });
    expect(relay.state.position).toBe(0);
    const admin = plainKafka(broker).admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic, count: PARTITIONS }] });
    await admin.disconnect();
    await reaches(relay, end);
    await expectComplete(await readTopic(broker, topic));
  });

  it('releases the lease when it is stopped, and the next relay continues', async () => {
    const topic = await newTopic(broker, PARTITIONS);
    const [first, second] = [relayTo(broker, topic), relayTo(broker, topic)];
    first.start();
    await reaches(first, await write(600));
    second.start();
    await eventually(() => {
      expect(second.state).toMatchObject({ role: 'standby', position: 600 });
    });
    await first.stop();
    expect(first.state.role).toBe('stopped');
    await reaches(second, await write(10));
    expect(second.state.role).toBe('active');
    const messages = await readTopic(broker, topic);
    expect(messages).toHaveLength(610);
    await expectComplete(messages);
  });

  it(
    'loses the leadership when its lease expires, and then records nothing',
    async () => {
      const topic = await newTopic(broker, PARTITIONS);
      const { sql } = parts();
      const dead = await claimLeadership(sql);
      if (dead === null) throw new Error('there should be no active relay');
      const before = await readRelayCheckpoint(sql, dead);
      if (before === null) throw new Error('the lease should be ours');
      const end = await write(20);
      const relay = relayTo(broker, topic);
      relay.start();
      await reaches(relay, end, TAKE_OVER_MS);
      expect(relay.state.epoch).toBe(dead + 1);
      expect(await saveRelayCheckpoint(sql, before, { position: 5, last: new Map([[0, 5]]) })).toBe(false);
      expect((await readRelayCheckpoint(sql, dead + 1))?.position).toBe(end);
    },
    2 * TAKE_OVER_MS,
  );

  it('detects while idle that another relay has become active, and goes on standby', async () => {
    const topic = await newTopic(broker, PARTITIONS);
    const relay = relayTo(broker, topic);
    relay.start();
    await reaches(relay, await write(5));
    // As another relay does after the lease has expired.
    await database.databases.analysis`update feed set epoch = epoch + 1, renewed_at = clock_timestamp()`;
    await eventually(() => {
      expect(relay.state).toMatchObject({ role: 'standby', leadershipLost: 1 });
    });
  });

  it('repeats at most the batch that was not recorded', async () => {
    const topic = await newTopic(broker, PARTITIONS);
    const relay = relayTo(broker, topic);
    const end = await write(700);
    relay.start();
    await reaches(relay, end);
    await relay.stop();
    // As after a crash between the broker's acknowledgement and the record of it.
    await database.databases.analysis`update feed set position = 500`;
    const counts = (await database.log.read(0, 500)).reduce(
      (last, { key, position }) => last.set(partitionOf(key, PARTITIONS), position),
      new Map<number, number>(),
    );
    for (const [partition, last] of counts)
      await database.databases.analysis`update feed_partitions set last = ${last} where partition = ${partition}`;
    const next = relayTo(broker, topic);
    next.start();
    await reaches(next, end);
    const messages = await readTopic(broker, topic);
    expect(messages).toHaveLength(end + 200);
    await expectComplete(messages);
  });

  it('follows a repartitioning, and sends a range again on request', async () => {
    const topic = await newTopic(broker, PARTITIONS + 2);
    const relay = relayTo(broker, topic);
    relay.start();
    await reaches(relay, await write(50));
    await repartition(PARTITIONS + 2, { ...parts(), projections: [] });
    await eventually(() => {
      expect(relay.state).toMatchObject({ role: 'active', leadershipLost: 1 });
    });
    const end = await write(50);
    await reaches(relay, end);
    const sent = await readTopic(broker, topic);
    expect(sent).toHaveLength(100);
    expect(new Set(sent.slice(-50).map(({ event }) => event.position)).size).toBe(50);
    for (const { event, partition } of sent)
      expect(partition).toBe(partitionOf(event.key, event.position <= 50 ? PARTITIONS : PARTITIONS + 2));
    await resendFrom(30, parts().sql);
    await reaches(relay, end);
    await eventually(async () => {
      expect(await readTopic(broker, topic)).toHaveLength(170);
    });
  });
});

describeWithKafka('The relay over a broker that fails', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startOwnBroker();
  }, BROKER_TIMEOUT_MS);
  afterAll(() => broker.discard());

  it(
    'continues when a killed broker comes back',
    async () => {
      const topic = await newTopic(broker, PARTITIONS);
      const relay = relayTo(broker, topic);
      relay.start();
      await reaches(relay, await write(300));
      await broker.kill();
      const end = await write(300);
      await eventually(() => {
        expect(relay.state.failing).not.toBeNull();
      }, TAKE_OVER_MS);
      await broker.restart();
      await reaches(relay, end, RESTART_MS);
      await expectComplete(await readTopic(broker, topic));
    },
    2 * RESTART_MS,
  );

  it(
    'stops and releases the lease although the broker does not answer',
    async () => {
      const topic = await newTopic(broker, PARTITIONS);
      const relay = relayTo(broker, topic);
      relay.start();
      await reaches(relay, await write(10));
      await broker.pause();
      try {
        await write(10);
        await relay.stop();
        expect(relay.state.role).toBe('stopped');
        expect(await claimLeadership(parts().sql)).not.toBeNull();
      } finally {
        await broker.resume();
      }
    },
    RESTART_MS,
  );
});
