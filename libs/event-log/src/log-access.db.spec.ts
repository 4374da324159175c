import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  closePool,
  createProcessUsers,
  migrate,
  openDatabases,
  openPool,
  prepareSchema,
  PROCESSES,
  SchemaOutdated,
  userOf,
  type Databases,
  type LogAccess,
  type ProcessName,
  type Sql,
} from '#database';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { command, fact, streamName } from './event-log.contract.js';
import { PostgresEventLog } from './postgres-event-log.js';

const PASSWORD = "it's a test";
const ACCESS: Readonly<Record<ProcessName, LogAccess>> = {
  api: 'intake',
  relay: 'read',
  projector: 'append',
  alerter: 'read',
};
const LOG_ROLES = ['barada_intake', 'barada_append'];
const DENIED = /permission denied/;

let database: TestDatabase;
let opened: Databases[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
  await createProcessUsers(database.url, { api: PASSWORD, relay: PASSWORD, projector: PASSWORD, alerter: PASSWORD });
  await database.log.append(
    command('f', { stream: streamName(), expected: 0, events: [fact('a', { handle: 'abu-x' })] }),
  );
});
afterAll(async () => {
  await Promise.all(opened.map((databases) => databases.close()));
  opened = [];
  await database.drop();
});

function urlOf(process: ProcessName): string {
  const url = new URL(database.url);
  url.username = userOf(process);
  url.password = encodeURIComponent(PASSWORD);
  return url.href;
}

/** The connections that the process opens. */
function connect(process: ProcessName): Databases {
  const databases = openDatabases(urlOf(process), { applicationName: 'test user', access: ACCESS[process] });
  opened.push(databases);
  return databases;
}

/** Runs the statement as the login user itself, as somebody would who took the process over. */
async function asUser<T>(process: ProcessName, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = openPool(urlOf(process), { applicationName: 'test user', connections: 1 });
  try {
    return await work(sql);
  } finally {
    await closePool(sql);
  }
}

describe.each(['relay', 'projector', 'alerter'] as const)('The connections of the %s', (process) => {
  it('cannot read confidential fields', async () => {
    const { intake, analysis } = connect(process);
    await expect(intake`select * from confidential`).rejects.toThrow(DENIED);
    await expect(analysis`select * from confidential`).rejects.toThrow(DENIED);
    await expect(asUser(process, (sql) => sql`select * from confidential`)).rejects.toThrow(DENIED);
  });

  it('cannot assume the role that reads them', async () => {
    const { analysis } = connect(process);
    await expect(analysis`set role barada_intake`).rejects.toThrow(DENIED);
    await expect(asUser(process, (sql) => sql`set role barada_intake`)).rejects.toThrow(DENIED);
  });
});

describe.each(PROCESSES)('The connections of the %s', (process) => {
  it('cannot change events, nor become their owner', async () => {
    const { intake, analysis } = connect(process);
    for (const sql of [intake, analysis]) {
      await expect(sql`update events set data = '{}'`).rejects.toThrow(DENIED);
      await expect(sql`delete from events`).rejects.toThrow(DENIED);
    }
    await expect(asUser(process, (sql) => sql`update events set data = '{}'`)).rejects.toThrow(DENIED);
    const { username } = new URL(database.url);
    await expect(asUser(process, (sql) => sql`set role ${sql(username)}`)).rejects.toThrow(DENIED);
  });

  it('append to the log only if the process has to', async () => {
    const log = new PostgresEventLog(connect(process));
    expect(await log.read(0, 1)).toHaveLength(1);
    const result = await log
      .append(command('f', { stream: streamName(), expected: 0, events: [fact('b')] }))
      .then(({ kind }) => kind, String);
    expect(result).toMatch(ACCESS[process] === 'read' ? DENIED : 'appended');
    const others = LOG_ROLES.filter((role) => role !== `barada_${ACCESS[process]}`);
    for (const role of others) {
      await expect(asUser(process, (sql) => sql`set role ${sql(role)}`)).rejects.toThrow(DENIED);
    }
  });

  it('report that the log is writable', async () => {
    expect(await new PostgresEventLog(connect(process)).whyNotWritable()).toBeNull();
  });

  it('start without migrating, and ask for "barada migrate" if the schema is older', async () => {
    expect(await prepareSchema(urlOf(process))).toEqual([]);
    const owner = openPool(database.url, { applicationName: 'test owner', connections: 1 });
    const [last] = await owner`delete from migrations where number = (select max(number) from migrations) returning *`;
    try {
      await expect(prepareSchema(urlOf(process))).rejects.toThrow(SchemaOutdated);
    } finally {
      await owner`insert into migrations ${owner(last ?? {})}`;
      await closePool(owner);
    }
  });
});

describe('Process users', () => {
  it('get their new password and lose roles that they no longer need', async () => {
    const owner = openPool(database.url, { applicationName: 'test owner', connections: 1 });
    await owner`grant barada_intake to barada_relay`;
    await closePool(owner);
    await createProcessUsers(database.url, { api: PASSWORD, relay: PASSWORD, projector: PASSWORD, alerter: PASSWORD });
    await expect(asUser('relay', (sql) => sql`select * from confidential`)).rejects.toThrow(DENIED);
  });

  it('of a database without tables are asked to migrate it', async () => {
    await expect(prepareSchema(urlOf('relay').replace(/\/[^/]+$/, '/postgres'))).rejects.toThrow(SchemaOutdated);
  });

  it('leave migrating to the owner', async () => {
    expect(await migrate(database.url)).toEqual([]);
    expect(await prepareSchema(database.url)).toEqual([]);
  });
});
