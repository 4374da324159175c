import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closePool, openDatabases, openPool, type Databases, type Sql } from '#database';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { command, fact, streamName } from './event-log.contract.js';
import { listenForAppends } from './head-notifications.sql.js';
import { HeadWatch } from './head-watch.js';
import { PostgresEventLog } from './postgres-event-log.js';
import { readHead } from './stored-events.sql.js';

// Longer than any test: whatever is found meanwhile was found by a notification.
const NEVER_MS = 600_000;

let database: TestDatabase;
let elsewhere: Databases;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openPool(database.url, { applicationName: 'test owner', connections: 1 });
  elsewhere = openDatabases(database.url, { applicationName: 'barada test elsewhere' });
});
afterAll(async () => {
  await elsewhere.close();
  await closePool(owner);
  await database.drop();
});

/** Watches the head from another process's point of view, and counts how often it reads it. */
function watchElsewhere(self = 'elsewhere'): { readonly watch: HeadWatch; readonly reads: () => number } {
  let reads = 0;
  const readHeadCounted = async (): Promise<number> => {
    reads += 1;
    return (await readHead(elsewhere.analysis)).position;
  };
  const listen = (onChange: () => void): Promise<() => Promise<void>> =>
    listenForAppends(elsewhere.analysis, self, onChange);
  return {
    watch: new HeadWatch({ readHead: readHeadCounted, listen }, { fallbackPollMs: NEVER_MS }),
    reads: () => reads,
  };
}

async function append(): Promise<number> {
  const outcome = await database.log.append(command('f', { stream: streamName(), expected: 0, events: [fact('a')] }));
  return outcome.kind === 'appended' ? outcome.position : 0;
}

/** Waits on `watch`, does `meanwhile`, then appends elsewhere: the wait must end, and the position be known. */
async function expectToFindAppend(watch: HeadWatch, meanwhile: () => Promise<unknown>): Promise<void> {
  const before = (await database.log.head()).position;
  const waiting = watch.waitForPositionAfter(before, NEVER_MS, new AbortController().signal);
  await meanwhile();
  const position = await append();
  await waiting;
  expect(watch.position).toBeGreaterThanOrEqual(position);
  await watch.close();
}

describe('HeadWatch', () => {
  it('finds what another process appends by its notification, without polling', async () => {
    const { watch, reads } = watchElsewhere();
    await expectToFindAppend(watch, () =>
      eventually(() => {
        expect(reads()).toBeGreaterThan(0);
      }),
    );
  });

  it('is notified again after its connection was lost, and of what it missed', async () => {
    const { watch, reads } = watchElsewhere();
    await expectToFindAppend(watch, async () => {
      await eventually(() => {
        expect(reads()).toBeGreaterThan(0);
      });
      const lost = await owner`
        select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'barada test elsewhere%'`;
      expect(lost.length).toBeGreaterThan(0);
    });
  });

  it('polls while it cannot listen', async () => {
    const readHeadElsewhere = async (): Promise<number> => (await readHead(elsewhere.analysis)).position;
    const listen = (): Promise<never> => Promise.reject(new Error('no LISTEN here'));
    const watch = new HeadWatch({ readHead: readHeadElsewhere, listen }, { fallbackPollMs: NEVER_MS });
    await expectToFindAppend(watch, () => Promise.resolve());
  });

  it('costs two reads and no more while nothing is appended', async () => {
    const { watch, reads } = watchElsewhere();
    const before = (await database.log.head()).position;
    for (let wait = 0; wait < 5; wait += 1) {
      await watch.waitForPositionAfter(before, 50, new AbortController().signal);
    }
    // One when the wait begins, one when the connection begins to listen.
    expect(reads()).toBeLessThanOrEqual(2);
    await watch.close();
  });

  it('ends a wait of another process for the last of many appends', async () => {
    const other = new PostgresEventLog(elsewhere);
    const before = (await database.log.head()).position;
    const waiting = other.waitForEventAfter(before + 39, NEVER_MS, new AbortController().signal);
    await Promise.all(Array.from({ length: 40 }, () => append()));
    await waiting;
    expect((await other.head()).position).toBeGreaterThanOrEqual(before + 40);
    await other.close();
  });
});
