import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newFolder } from '../../../test/support/folder.js';
import { testServer } from '../../../test/support/server.js';
import { createDatabase, dropDatabase } from './create-database.sql.js';
import { DatabaseIsNewer, migrate, MigrationChanged, prepareSchema } from './migrate.js';
import { readMigrations, type Migration } from './migrations.js';
import { closePool, openPool, type PoolOptions } from './pool.js';

const server = await testServer();
const made: string[] = [];
let url: string;
let sql: ReturnType<typeof openPool>;

const options: PoolOptions = { applicationName: 'test', connections: 2 };

beforeEach(async () => {
  const name = `barada_test_${randomBytes(6).toString('hex')}`;
  made.push(name);
  url = await createDatabase(server, name);
  sql = openPool(url, options);
});
afterEach(() => closePool(sql));
afterAll(async () => {
  for (const name of made) await dropDatabase(server, name);
});

function migration(number: number, text: string, additive = false): Migration {
  const name = `${String(number).padStart(4, '0')}-test.sql`;
  return { number, name, sql: text, digest: createHash('sha256').update(text).digest('hex'), additive };
}

const first = migration(1, 'create table one (n int); insert into one values (1)');
const second = migration(2, 'insert into one values (2)');

describe('Migrating', () => {
  it('runs the migrations that the database has not run, in order of number, and records them', async () => {
    expect(await migrate(url, [first])).toEqual(['0001-test.sql']);
    expect(await migrate(url, [first, second])).toEqual(['0002-test.sql']);
    expect(await migrate(url, [first, second])).toEqual([]);
    expect(await sql`select n from one order by n`).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await sql`select number, name from migrations order by number`).toEqual([
      { number: 1, name: '0001-test.sql' },
      { number: 2, name: '0002-test.sql' },
    ]);
  });

  it('runs each migration once when two processes start at the same time', async () => {
    const ran = await Promise.all([migrate(url, [first, second]), migrate(url, [first, second])]);
    expect(ran.flat().sort()).toEqual(['0001-test.sql', '0002-test.sql']);
  });

  it('rolls back a file that fails half-way, and continues from there once it is fixed', async () => {
    const broken = migration(2, 'insert into one values (2); insert into nowhere values (1)');
    await expect(migrate(url, [first, broken])).rejects.toThrow(/nowhere/);
    expect(await sql`select n from one`).toEqual([{ n: 1 }]);
    expect(await migrate(url, [first, second])).toEqual(['0002-test.sql']);
  });

  it('refuses a database of a newer release, in one sentence', async () => {
    await migrate(url, [first, second]);
    await expect(migrate(url, [first])).rejects.toThrow(DatabaseIsNewer);
    await expect(migrate(url, [first])).rejects.toThrow(/made by a newer version of Barada \(it has 0002-test\.sql\)/);
  });

  it('accepts a database of a newer release if all its newer migrations are additive', async () => {
    const additive = migration(2, 'alter table one add column added int', true);
    await migrate(url, [first, additive]);
    expect(await migrate(url, [first])).toEqual([]);
    expect(await prepareSchema(url, [first])).toEqual([]);
    await migrate(url, [first, additive, migration(3, 'alter table one drop column n')]);
    await expect(migrate(url, [first])).rejects.toThrow(/made by a newer version of Barada \(it has 0003-test\.sql\)/);
  });

  it('marks a migration as additive if its file says so in its first line', async () => {
    const folder = await newFolder('migrations');
    await mkdir(join(folder, 'libs/x/sql'), { recursive: true });
    await writeFile(join(folder, 'libs/x/sql/0001-a.sql'), '-- additive: a new index\nselect 1');
    await writeFile(join(folder, 'libs/x/sql/0002-b.sql'), '-- not additive\nselect 1');
    expect((await readMigrations(folder)).map(({ additive }) => additive)).toEqual([true, false]);
  });

  it('refuses to continue if a file was changed after it was run', async () => {
    await migrate(url, [first]);
    await expect(migrate(url, [migration(1, 'create table other (n int)')])).rejects.toThrow(MigrationChanged);
  });

  it('creates the complete schema in several databases at the same time', async () => {
    const name = `barada_test_${randomBytes(6).toString('hex')}`;
    made.push(name);
    const other = await createDatabase(server, name);
    const names = (await readMigrations()).map((one) => one.name);
    expect(await Promise.all([migrate(url), migrate(other)])).toEqual([names, names]);
    const role = openPool(url, { ...options, role: 'barada_intake' });
    expect(await role`select current_user as me, position from log_head`).toEqual([
      { me: 'barada_intake', position: 0 },
    ]);
    await closePool(role);
  });
});
