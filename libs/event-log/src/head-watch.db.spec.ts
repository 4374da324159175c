import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabases, type Databases } from '#database';
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
beforeAll(async () => {
  database = await openTestDatabase();
  elsewhere = openDatabases(database.url, { applicationName: 'barada test elsewhere' });
});
afterAll(async () => {
  await elsewhere.close();
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

/** Waits in the background. */
function waitIn(watch: HeadWatch, after: number, stop: AbortSignal): Promise<void> {
  return watch.waitForPositionAfter(after, NEVER_MS, stop);
}

describe('HeadWatch', () => {
  it('finds what another process appends by its notification, without polling', async () => {
    const { watch, reads } = watchElsewhere();
    const stop = new AbortController();
    const before = (await database.log.head()).position;
    const waiting = waitIn(watch, before, stop.signal);
    await eventually(() => {
      expect(reads()).toBeGreaterThan(0);
    });
    const position = await append();
    await waiting;
    expect(watch.position).toBeGreaterThanOrEqual(position);
    stop.abort();
    await watch.close();
  });

  it('is notified again after its connection was lost, and of what it missed', async () => {
    const { watch, reads } = watchElsewhere();
    const stop = new AbortController();
    const before = (await database.log.head()).position;
    const waiting = waitIn(watch, before, stop.signal);
    await eventually(() => {
      expect(reads()).toBeGreaterThan(0);
    });
    await database.databases.analysis`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'barada test elsewhere%' and pid <> pg_backend_pid()`.catch(() => undefined);
    const position = await append();
    await waiting;
    expect(watch.position).toBeGreaterThanOrEqual(position);
    stop.abort();
    await watch.close();
  });

  it('polls while it cannot listen', async () => {
    const watch = new HeadWatch(
      {
        readHead: async () => (await readHead(elsewhere.analysis)).position,
        listen: () => Promise.reject(new Error('no LISTEN here')),
      },
      { fallbackPollMs: NEVER_MS },
    );
    const stop = new AbortController();
    const waiting = waitIn(watch, (await database.log.head()).position, stop.signal);
    const position = await append();
    await waiting;
    expect(watch.position).toBeGreaterThanOrEqual(position);
    stop.abort();
    await watch.close();
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

  it('notifies other processes of what a log appends at a high rate', async () => {
    const other = new PostgresEventLog(elsewhere);
    const before = (await database.log.head()).position;
    const waiting = other.waitForEventAfter(before + 39, NEVER_MS, new AbortController().signal);
    await Promise.all(Array.from({ length: 40 }, () => append()));
    await waiting;
    expect((await other.head()).position).toBeGreaterThanOrEqual(before + 40);
    await other.close();
  });
});
