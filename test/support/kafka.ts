// Kafka for specs: one broker a test run, which the first spec that needs it starts.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { kafkaClient } from '#transport';
import { eventually } from './eventually.js';
import { whyNoContainers } from './kafka-container.js';
import { whyNoJars } from './kafka-jars.js';
import { startIn } from './own-broker.js';

export { startBrokerBehindProxy, startOwnBroker, type Broker } from './own-broker.js';

/** For `beforeAll` and tests that start a broker: the first one of a machine fetches its jars. */
export const BROKER_TIMEOUT_MS = 360_000;

/** The run's broker. Others use it too: leave it as it is, and give topics and groups names of their own. */
export type SharedBroker = { readonly brokers: readonly string[] };

/**
 * `describe` for what needs a real broker. Where none can be run its tests are skipped, which is said aloud, or fail
 * where REQUIRE_KAFKA=1.
 */
export function describeWithKafka(name: string, body: (broker: SharedBroker) => void): void {
  const missing = whyNoKafka();
  if (missing === null) {
    describe(name, () => {
      let brokers: readonly string[] = [];
      beforeAll(async () => {
        ({ brokers } = await sharedBroker());
      }, BROKER_TIMEOUT_MS);
      body({
        get brokers() {
          return brokers;
        },
      });
    });
    return;
  }
  if (process.env['REQUIRE_KAFKA'] === '1') {
    it(`${name}: there is a broker, as REQUIRE_KAFKA=1 demands`, () => {
      throw new Error(missing);
    });
    return;
  }
  process.stderr.write(`SKIPPED, for there is no Kafka here (${missing}): ${name}\n`);
  // eslint-disable-next-line jest/no-disabled-tests -- what they need is not here, which is said aloud
  describe.skip(name, () => {
    body({ brokers: [] });
  });
}

/** Null: a broker can be run here; else the cure. */
export function whyNoKafka(): string | null {
  const [noContainers, noJars] = [whyNoContainers(), whyNoJars()];
  return noContainers === null || noJars === null ? null : `${noJars}, or Docker and ${noContainers}`;
}

export function uniqueName(what: string): string {
  return `${what}-${randomBytes(6).toString('hex')}`;
}

/** A new topic; its name. */
export async function newTopic(broker: SharedBroker, numPartitions = 3): Promise<string> {
  const topic = uniqueName('topic');
  const admin = plainKafka(broker).admin();
  await admin.connect();
  // The client's own way of waiting takes "not there yet" for a failure.
  await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false });
  await eventually(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    if (topics[0]?.partitions.some(({ leader }) => leader < 0)) throw new Error(`${topic} has no leaders yet`);
  });
  await admin.disconnect();
  return topic;
}

/** To look at the topics from outside. Quiet as ours is: the client's own timers would keep a test run from its end. */
export function plainKafka({ brokers }: SharedBroker): Kafka {
  return kafkaClient({ brokers, ssl: false, sasl: null }, { clientId: 'test', log: () => undefined });
}

async function sharedBroker(): Promise<SharedBroker> {
  const run = process.env['BARADA_TEST_CLUSTER'];
  if (run === undefined) throw new Error('run the tests by "npm test": its global set-up names the folder');
  const folder = `${run}-kafka`;
  const outcome = join(folder, 'outcome.json');
  if (isFirst(folder)) await startShared(folder, outcome);
  const started = await eventually(() => readFileSync(outcome, 'utf8'), BROKER_TIMEOUT_MS);
  const { brokers, error } = JSON.parse(started) as { brokers: readonly string[]; error: string | null };
  if (error !== null) throw new Error(`the broker of this run did not start: ${error}`);
  return { brokers };
}

async function startShared(folder: string, outcome: string): Promise<void> {
  const said = await startIn(folder, {}).then(
    ({ brokers }) => ({ brokers, error: null }),
    (error: unknown) => ({ brokers: [], error: String(error) }),
  );
  writeFileSync(`${outcome}.unfinished`, JSON.stringify(said));
  renameSync(`${outcome}.unfinished`, outcome);
}

// Making a folder is what the workers can do at the same time and only one of them does.
function isFirst(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  const starting = join(folder, 'starting');
  if (existsSync(starting)) return false;
  try {
    mkdirSync(starting);
    return true;
  } catch {
    return false;
  }
}
