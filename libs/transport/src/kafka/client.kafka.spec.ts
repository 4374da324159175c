import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithKafka, newTopic, uniqueName } from '../../../../test/support/kafka.js';
import { freePort } from '../../../../test/support/ports.js';
import { kafkaClient, type KafkaLogLine } from './client.js';

const FETCHES = 4;
const FETCH_WAIT_MS = 250;
// The client's own: a timeout for each request, and periodic work. It was a thousand a second before the patch.
const TIMERS_MAX_PER_FETCH = 20;

let warnings: Error[] = [];
function warned(warning: Error): void {
  warnings.push(warning);
}
const { setTimeout: setTimeoutAsItWas } = globalThis;
beforeEach(() => {
  warnings = [];
  process.on('warning', warned);
});
afterEach(() => {
  process.off('warning', warned);
  globalThis.setTimeout = setTimeoutAsItWas;
});

/** Counts the timers that are set from now on, with their delays. */
function watchTimers(): number[] {
  const delays: number[] = [];
  const counting = (work: () => void, delay?: number): NodeJS.Timeout => {
    delays.push(delay ?? 0);
    return setTimeoutAsItWas(work, delay);
  };
  globalThis.setTimeout = Object.assign(counting, { __promisify__: setTimeoutAsItWas.__promisify__ });
  return delays;
}

describeWithKafka('A client', (broker) => {
  it('sets few timers while idle, and none with a negative delay', async () => {
    const topic = await newTopic(broker, 1);
    const kafka = kafkaClient(
      { brokers: broker.brokers, ssl: false, sasl: null },
      { clientId: 't', log: () => undefined },
    );
    const consumer = kafka.consumer({ groupId: uniqueName('group'), maxWaitTimeInMs: FETCH_WAIT_MS });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    let fetches = 0;
    const joined = new Promise<void>((resolve) =>
      consumer.on(consumer.events.FETCH, () => {
        resolve();
      }),
    );
    await consumer.run({ eachMessage: () => Promise.resolve() });
    await joined;
    const delays = watchTimers();
    await new Promise<void>((resolve) => {
      consumer.on(consumer.events.FETCH, () => {
        fetches += 1;
        if (fetches === FETCHES) resolve();
      });
    });
    globalThis.setTimeout = setTimeoutAsItWas;
    await consumer.disconnect();
    expect(delays.filter((delay) => delay < 0)).toEqual([]);
    expect(delays.length).toBeLessThan(TIMERS_MAX_PER_FETCH * FETCHES);
    expect(warnings).toEqual([]);
  });

  it('sends requests that had to wait', async () => {
    const topic = await newTopic(broker, 1);
    const kafka = kafkaClient(
      { brokers: broker.brokers, ssl: false, sasl: null },
      { clientId: 't', log: () => undefined },
    );
    const producer = kafka.producer({ idempotent: false, maxInFlightRequests: 1 });
    await producer.connect();
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, index) => producer.send({ topic, messages: [{ value: String(index) }] })),
    );
    await producer.disconnect();
    expect(new Set(sent.map(([metadata]) => metadata?.baseOffset)).size).toBe(20);
  });

  it('reports failures without its credentials', async () => {
    const lines: KafkaLogLine[] = [];
    const port = await freePort();
    const access = { brokers: [`127.0.0.1:${port}`], ssl: false };
    const sasl = { mechanism: 'scram-sha-512', username: 'relay', password: 'the-password' } as const;
    const admin = kafkaClient({ ...access, sasl }, { clientId: 't', log: (line) => lines.push(line) }).admin();
    await expect(admin.connect()).rejects.toThrow(/ECONNREFUSED/);
    expect(lines).toContainEqual({
      level: 'error',
      message: expect.stringContaining('ECONNREFUSED'),
      broker: `127.0.0.1:${port}`,
    });
    expect(JSON.stringify(lines)).not.toContain('the-password');
  });
});
