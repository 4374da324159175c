import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  BROKER_TIMEOUT_MS,
  describeWithKafka,
  newTopic,
  plainKafka,
  startBrokerBehindProxy,
  type Broker,
  type SharedBroker,
} from './kafka.js';
import type { TcpProxy } from './tcp-proxy.js';

async function offsets(broker: SharedBroker, topic: string): Promise<readonly string[]> {
  const admin = plainKafka(broker).admin();
  await admin.connect();
  const found = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return found.sort((a, b) => a.partition - b.partition).map(({ offset }) => offset);
}

async function sendOne(broker: SharedBroker, topic: string): Promise<void> {
  const producer = plainKafka(broker).producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [{ partition: 1, value: 'here' }] });
  await producer.disconnect();
}

describeWithKafka("The test run's broker", (broker) => {
  it('creates topics on demand', async () => {
    const [one, another] = [await newTopic(broker, 3), await newTopic(broker, 2)];
    await sendOne(broker, one);
    expect(await offsets(broker, one)).toEqual(['0', '1', '0']);
    expect(await offsets(broker, another)).toEqual(['0', '0']);
  });
});

describeWithKafka('A dedicated broker with a proxy in front', () => {
  let broker: Broker;
  let proxy: TcpProxy;
  beforeAll(async () => {
    ({ broker, proxy } = await startBrokerBehindProxy());
  }, BROKER_TIMEOUT_MS);
  afterAll(async () => {
    await broker.discard();
    await proxy.close();
  });

  it('is reached only through the proxy', async () => {
    const topic = await newTopic(broker, 2);
    const before = proxy.accepted;
    await sendOne(broker, topic);
    expect(proxy.accepted).toBeGreaterThan(before);
  });

  it(
    'keeps address and messages when it is killed and comes back',
    async () => {
      const topic = await newTopic(broker, 2);
      await sendOne(broker, topic);
      await broker.kill();
      await broker.restart();
      await sendOne(broker, topic);
      expect(await offsets(broker, topic)).toEqual(['0', '2']);
    },
    BROKER_TIMEOUT_MS,
  );
});
