import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closePool, openPool, type Sql } from '#database';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { command, fact, testEventLogContract, streamName, write } from './event-log.contract.js';
import type { Json } from './event-log.js';
import { PostgresConfidentialReader } from './confidential-store.js';
import { PostgresEventLog } from './postgres-event-log.js';

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openPool(database.url, { applicationName: 'test owner', connections: 2 });
});
afterAll(async () => {
  await closePool(owner);
  await database.drop();
});

testEventLogContract('PostgresEventLog', () =>
  Promise.resolve({ log: database.log, other: new PostgresEventLog(database.databases) }),
);

describe('Confidential fields', () => {
  const fields: Readonly<Record<string, Json>> = {
    handle: 'abu-x',
    point: { lon: 36.18, lat: 33.615 },
    narrative: 'odd \u0000 \uD800 text\n"',
  };

  it('are stored apart, field by field, and read by position', async () => {
    const { databases, log } = database;
    const events = [fact('a', fields), fact('b'), fact('c', { handle: 'c' })];
    const outcome = await log.append(command('f', { stream: streamName(), expected: 0, events }));
    const position = outcome.kind === 'appended' ? outcome.position : 0;
    const reader = new PostgresConfidentialReader(databases);
    expect(await reader.read([position - 2, position - 1, position])).toEqual(
      new Map([
        [position - 2, fields],
        [position, { handle: 'c' }],
      ]),
    );
    expect(JSON.stringify(await log.read(position - 3, 3))).not.toContain('abu-x');
  });

  it('cannot be read by the role barada_analysis', async () => {
    await expect(database.databases.analysis`select * from confidential`).rejects.toThrow(/permission denied/);
  });
});

describe('The database roles', () => {
  it.each(['intake', 'analysis'] as const)('%s may not update, delete or truncate events', async (role) => {
    const sql = database.databases[role];
    for (const table of ['events', 'confidential', 'log_head']) {
      await expect(sql`update ${sql(table)} set position = 0`).rejects.toThrow(/permission denied/);
      await expect(sql`delete from ${sql(table)}`).rejects.toThrow(/permission denied/);
      await expect(sql`truncate ${sql(table)}`).rejects.toThrow(/permission denied/);
    }
    await expect(sql`insert into events select * from events`).rejects.toThrow(/permission denied/);
    await expect(sql`drop table events`).rejects.toThrow(/must be owner/);
  });

  it('barada_analysis may not append', async () => {
    const { analysis } = database.databases;
    const { signature } =
      (await analysis`select oid::regprocedure::text as signature from pg_proc where proname = 'append'`)[0] ?? {};
    const [may] = await analysis`select has_function_privilege(${String(signature)}, 'execute') as append`;
    expect(may).toEqual({ append: false });
  });
});

describe('Recorded time', () => {
  it('does not decrease when the clock is set back', async () => {
    const later = '2100-01-01T00:00:00.000Z';
    const { recordedAt } = await database.log.head();
    await owner`update log_head set recorded_at = ${later}`;
    const outcome = await database.log.append(command('f', write(streamName(), 0, 'a')));
    await owner`update log_head set recorded_at = ${recordedAt}`;
    expect(outcome).toMatchObject({ kind: 'appended', recordedAt: later });
  });
});

describe('The queue', () => {
  it('refuses commands that waited too long, and stores none of them', async () => {
    const log = new PostgresEventLog(database.databases, { waitMs: 50 });
    const { position } = await log.head();
    const held = await holdTheHead();
    const stuck = log.append(command('f', write(streamName(), 0, 'being written')));
    await held.isWaitedFor();
    const waiting = Array.from({ length: 5 }, () => log.append(command('f', write(streamName(), 0, 'waiting'))));
    for (const refused of await Promise.allSettled(waiting)) {
      expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'Overloaded', retryAfterSeconds: 1 } });
    }
    await held.release();
    expect(await stuck).toMatchObject({ kind: 'appended' });
    await log.close();
    expect((await log.head()).position).toBe(position + 1);
  });

  it('holds no more commands than its limit', async () => {
    const log = new PostgresEventLog(database.databases, { queuedCommands: 3 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => log.append(command('f', write(streamName(), 0, 'a')))),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(7);
    expect(refused[0]).toMatchObject({ reason: { name: 'Overloaded', retryAfterSeconds: 1 } });
  });

  it('writes commands on one stream in order of arrival', async () => {
    const stream = streamName();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => database.log.append(command(null, write(stream, n, String(n))))),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'appended'));
  });
});

/** Another writer, which holds the lock on the head until it is released. */
async function holdTheHead(): Promise<{ isWaitedFor: () => Promise<void>; release: () => Promise<void> }> {
  const holder = openPool(database.url, { applicationName: 'test holder', connections: 1 });
  await holder.unsafe('begin; select from log_head for update');
  return {
    isWaitedFor: () =>
      eventually(async () => {
        const waiting = await owner`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        expect(waiting).toHaveLength(1);
      }),
    release: () => closePool(holder),
  };
}
