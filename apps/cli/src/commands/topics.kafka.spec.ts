import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { Settings } from '#platform';
import { countPartitions } from '#projection';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { describeWithKafka, uniqueName } from '../../../../test/support/kafka.js';
import { freePort } from '../../../../test/support/ports.js';
import { openDatabase } from '../database.js';
import { Failure } from '../failure.js';
import { topics } from './topics.js';

let database: TestDatabase;
let topic: string;
beforeEach(async () => {
  database = await openTestDatabase();
  topic = uniqueName('events');
});
afterEach(() => database.drop());

/** What `npx barada topics` prints. */
async function printed(brokers: string, ...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const env = { DATABASE_URL: database.url, KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic, KAFKA_PARTITIONS: '2' };
  const command = topics({
    settings: () => Settings.from(env),
    open: openDatabase,
    out: { isTTY: false, write: (text) => lines.push(text) },
  });
  await command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(args, { from: 'user' });
  return lines.join('');
}

describeWithKafka('barada topics', (broker) => {
  it('creates the topic, and reports it once', async () => {
    const brokers = broker.brokers.join();
    const first = await printed(brokers);
    expect(first).toContain(`Changed: ${topic} was created with 2 partitions, each on 1 brokers.\n`);
    expect(first).toContain('  retention.ms = 604800000\n');
    expect(await printed(brokers)).toContain('Nothing had to be changed.\n');
  });

  it('prints the plan for more partitions, and carries it out', async () => {
    const brokers = broker.brokers.join();
    await printed(brokers);
    const grown = await printed(brokers, '--partitions', '4');
    expect(grown).toContain(`Step 1 of 2: Kafka: ${topic} from 2 to 4 partitions.\n`);
    expect(grown).toContain(`${topic}: 4 partitions, each on 1 of the brokers.\n`);
    expect(await countPartitions(database.databases.analysis)).toBe(4);
    await expect(printed(brokers, '--partitions', '3')).rejects.toThrow(Failure);
  });

  it('makes the relay start again', async () => {
    const brokers = broker.brokers.join();
    await printed(brokers);
    await database.databases.analysis`update feed set position = 100`;
    await database.databases.analysis`update feed_partitions set last = 90 + partition`;
    expect(await printed(brokers, '--resend', '--from', '51')).toContain('from position 51 on again');
    const [feed] = await database.databases.analysis`select position from feed`;
    expect(feed).toEqual({ position: 50 });
    await printed(brokers, '--resend');
    expect(await database.databases.analysis`select last from feed_partitions`).toEqual([{ last: 0 }, { last: 0 }]);
  });

  it('removes the partitions for one process, and can partition the log again', async () => {
    const brokers = broker.brokers.join();
    await printed(brokers);
    expect(await printed('', '--whole')).toContain('no longer partitioned');
    expect(await countPartitions(database.databases.analysis)).toBe(0);
    expect(await printed('', '--whole')).toBe('The log was not partitioned.\n');
    await printed(brokers);
    expect(await countPartitions(database.databases.analysis)).toBe(2);
  });

  it('reports an error in one sentence', async () => {
    await expect(printed('')).rejects.toThrow('KAFKA_BROKERS is not set');
    await expect(printed(`127.0.0.1:${await freePort()}`)).rejects.toThrow(/Kafka failed .*ECONNREFUSED/);
    await expect(printed(broker.brokers.join(), '--from', '3')).rejects.toThrow('--from goes with --resend');
    await expect(printed(broker.brokers.join(), '--partitions', '0')).rejects.toThrow(CommanderError);
  });
});
