// Kafka for specs: one broker per test run, started by the first spec that needs it.
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

/** For `beforeAll` and tests that start a broker: the first start on a machine downloads the jars. */
export const BROKER_TIMEOUT_MS = 360_000;

/** The broker of the test run. Other specs share it: do not change it, and use unique topic and group names. */
export type SharedBroker = { readonly brokers: readonly string[] };

/**
 * `describe` for specs that need a broker. If none can run, the tests are skipped with a message, or fail if
 * REQUIRE_KAFKA=1 is set.
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
    it(`${name}: needs a broker, because REQUIRE_KAFKA=1 is set`, () => {
      throw new Error(missing);
    });
    return;
  }
  process.stderr.write(`SKIPPED, because Kafka is not available (${missing}): ${name}\n`);
  // eslint-disable-next-line jest/no-disabled-tests -- their prerequisite is missing, which is printed above
  describe.skip(name, () => {
    body({ brokers: [] });
  });
}

/** Null if a broker can run here; otherwise how to enable it. */
export function whyNoKafka(): string | null {
  const [noContainers, noJars] = [whyNoContainers(), whyNoJars()];
  return noContainers === null || noJars === null ? null : `${noJars}, or Docker and ${noContainers}`;
}

export function uniqueName(what: string): string {
  return `${what}-${randomBytes(6).toString('hex')}`;
}

/** Creates a topic and returns its name. */
export async function newTopic(broker: SharedBroker, numPartitions = 3): Promise<string> {
  const topic = uniqueName('topic');
  const admin = plainKafka(broker).admin();
  await admin.connect();
  // kafkajs treats "leader not available yet" as a failure, so this waits for leaders itself.
  await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false });
  await eventually(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    if (topics[0]?.partitions.some(({ leader }) => leader < 0)) throw new Error(`${topic} has no leaders yet`);
  });
  await admin.disconnect();
  return topic;
}

/** A client for inspecting topics. It uses our kafkajs patches, because the client's own timers keep jest from exiting. */
export function plainKafka({ brokers }: SharedBroker): Kafka {
  return kafkaClient({ brokers, ssl: false, sasl: null }, { clientId: 'test', log: () => undefined });
}

async function sharedBroker(): Promise<SharedBroker> {
  const run = process.env['BARADA_TEST_CLUSTER'];
  if (run === undefined) throw new Error('BARADA_TEST_CLUSTER is not set: run the tests with "npm test".');
  const folder = `${run}-kafka`;
  const outcome = join(folder, 'outcome.json');
  if (isFirst(folder)) await startShared(folder, outcome);
  const started = await eventually(() => readFileSync(outcome, 'utf8'), BROKER_TIMEOUT_MS);
  const { brokers, error } = JSON.parse(started) as { brokers: readonly string[]; error: string | null };
  if (error !== null) throw new Error(`the broker of this run did not start: ${error}`);
  return { brokers };
}

async function startShared(folder: string, outcome: string): Promise<void> {
  const result = await startIn(folder, {}).then(
    ({ brokers }) => ({ brokers, error: null }),
    (error: unknown) => ({ brokers: [], error: String(error) }),
  );
  writeFileSync(`${outcome}.unfinished`, JSON.stringify(result));
  renameSync(`${outcome}.unfinished`, outcome);
}

// mkdir is atomic: of several workers only one creates the folder.
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
