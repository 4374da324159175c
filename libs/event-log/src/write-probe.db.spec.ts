import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closePool, migrate, openDatabases, openPool, type Databases, type Sql } from '#database';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { testServer } from '../../../test/support/server.js';
import { openSmallDisk } from '../../../test/support/small-disk.js';
import { command, fact, streamName, write } from './event-log.contract.js';
import { LogUnavailable } from './failures.js';
import { PostgresEventLog } from './postgres-event-log.js';

const disk = await openSmallDisk(await testServer());
const onSmallDisk = disk ? describe : describe.skip;

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

describe('The write probe', () => {
  it('finds a writable log', async () => {
    for (let probes = 0; probes < 3; probes += 1) expect(await database.log.whyNotWritable()).toBeNull();
  });

  it('reports a session that blocks appends, until it ends', async () => {
    const holder = openPool(database.url, { applicationName: 'test holder', connections: 1 });
    await holder.unsafe('begin; select from log_head for update');
    expect(await database.log.whyNotWritable()).toBe('another session blocks appends to the log');
    await closePool(holder);
    expect(await database.log.whyNotWritable()).toBeNull();
  });
});

describe('A read-only database', () => {
  let databases: Databases;
  beforeAll(async () => {
    await owner.unsafe(
      `alter database ${new URL(database.url).pathname.slice(1)} set default_transaction_read_only = on`,
    );
    databases = openDatabases(database.url, { applicationName: 'test read-only' });
  });
  afterAll(() => databases.close());

  it('refuses appends as unavailable, and is reported', async () => {
    const log = new PostgresEventLog(databases);
    await expect(log.append(command('f', write(streamName(), 0, 'a')))).rejects.toThrow(LogUnavailable);
    expect(await log.whyNotWritable()).toBe('the database is read-only');
  });
});

onSmallDisk('A full disk', () => {
  let databases: Databases;
  let log: PostgresEventLog;
  beforeAll(async () => {
    await migrate(disk?.url ?? '');
    databases = openDatabases(disk?.url ?? '', { applicationName: 'test full disk' });
    log = new PostgresEventLog(databases);
  });
  afterAll(async () => {
    await databases.close();
    await disk?.remove();
  });

  it('makes appends unavailable, is reported, and loses nothing that was acknowledged', async () => {
    disk?.fill();
    const acknowledged: string[] = [];
    const failure = await appendUntilRefused(log, acknowledged);
    expect(failure).toBeInstanceOf(LogUnavailable);
    expect(String(failure)).toContain('nothing was stored');
    expect(await log.whyNotWritable()).toBe('the disk of the database is full');
    disk?.free();
    expect(await log.whyNotWritable()).toBeNull();
    expect(await log.append(command('f', write(streamName(), 0, 'a')))).toMatchObject({ kind: 'appended' });
    for (const stream of acknowledged) expect(await log.readStream(stream)).toHaveLength(1);
  });
});

/** Large events, so that existing pages are full soon. */
async function appendUntilRefused(log: PostgresEventLog, acknowledged: string[]): Promise<unknown> {
  const APPENDS_MAX = 200;
  const narrative = Array.from({ length: 500 }, (_, n) => (n * 2_654_435_761).toString(36)).join(' ');
  for (let n = 0; n < APPENDS_MAX; n += 1) {
    const stream = streamName();
    try {
      await log.append(command('f', { stream, expected: 0, events: [fact('a', { narrative })] }));
      acknowledged.push(stream);
    } catch (error) {
      return error;
    }
  }
  return null;
}
