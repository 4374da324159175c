import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { closePool, openPool, type Sql } from '#database';
import { eventually } from '../../../test/support/eventually.js';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { command, streamName, write } from './event-log.contract.js';
import type { Append } from './event-log.js';
import { LogUnavailable } from './failures.js';

const CALLERS = 16;
const KILLS = 30;
const KILL_WITHIN_MS = 20;

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openPool(database.url, { applicationName: 'test owner', connections: 1 });
});
afterAll(async () => {
  await closePool(owner);
  await database.drop();
});

const appendedOf = (sent: readonly Sent[]): readonly Sent[] => sent.filter(({ answer }) => answer === 'appended');

type Sent = { readonly append: Append; readonly answer: string };

/** Starts new streams and appends to them while `going`. Records the answer to each append. */
async function send(sent: Sent[], going: () => boolean): Promise<void> {
  const sendOne = async (append: Append): Promise<void> => {
    const answer = await database.log.append(append).then(
      ({ kind }) => kind,
      (error: unknown) => (error instanceof LogUnavailable ? 'unknown' : String(error)),
    );
    sent.push({ append, answer });
  };
  while (going()) {
    const stream = streamName();
    await sendOne(command('f', write(stream, 0, '1', '2')));
    await sendOne(command(null, write(stream, 2, '3')));
  }
}

describe('Connections killed under load', () => {
  it('lose no acknowledged event, duplicate none and split no command', async () => {
    const random = SeededRandom.forSpec('lost-connections');
    const sent: Sent[] = [];
    let going = true;
    const callers = Array.from({ length: CALLERS }, () => send(sent, () => going));
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Only a log that makes progress can lose something.
      const before = appendedOf(sent).length;
      await eventually(() => {
        expect(appendedOf(sent).length).toBeGreaterThan(before);
      });
      await sleep(random.next() * KILL_WITHIN_MS);
      await owner`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'test barada_intake'`;
    }
    going = false;
    await Promise.all(callers);

    const answers = new Set(sent.map(({ answer }) => answer));
    expect([...answers].filter((answer) => !['appended', 'unknown', 'conflict'].includes(answer))).toEqual([]);
    const stored = await owner<{ stream: string; versions: number[] }[]>`
      select stream, array_agg(version order by version) as versions from events group by stream`;
    const versions = new Map(stored.map((row) => [row.stream, row.versions]));
    for (const { append } of appendedOf(sent)) {
      const [{ stream, expected, events } = write('', 0)] = append.writes;
      expect(versions.get(stream)?.slice(expected, expected + events.length)).toEqual(
        events.map((_, index) => expected + index + 1),
      );
    }
    expect(stored.filter((row) => ![2, 3].includes(row.versions.length))).toEqual([]);
    const { position } = await eventually(() => database.log.head());
    expect(await owner`select count(*), max(position) from events`).toEqual([{ count: position, max: position }]);
  });
});
