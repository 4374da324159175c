import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closePool, openPool } from '#database';
import { PostgresConfidentialReader } from '#event-log';
import { IntakeModule } from '#intake';
import { digest, rebuild } from '#projection';
import { COMMANDS } from '../../apps/cli/src/commands/index.js';
import { BACKED_UP_TABLES, OTHER_TABLES } from '../../apps/cli/src/backup-tables.js';
import { projections as projectionsOf } from '../../apps/cli/src/projections.js';
import { settings } from '../../apps/cli/src/settings.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { runApp, type RunningApp } from '../support/running-app.js';

const SECRET = '07'.repeat(32); // of running-app.ts
const ENVIRONMENT = { ...process.env };

let running: RunningApp;
let empty: TestDatabase;
let folder: string;
const report = randomUUID();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-story-'));
  running = await runApp([IntakeModule]);
  empty = await openTestDatabase();
  const { status } = await running.post('/v1/reports', REPORT, { handle: 'abu-ali', roles: ['monitor'] });
  expect(status).toBe(201);
  await readModelsOf(running.database);
});
afterEach(() => {
  process.env = { ...ENVIRONMENT };
});
afterAll(async () => {
  await running.close();
  await empty.drop();
  await rm(folder, { recursive: true });
});

const REPORT = {
  id: report,
  type: 'violation',
  occurred: { from: '2017-01-15T10:00:00Z' },
  place: { region: 'SY030702', point: { lon: 36.18, lat: 33.615 }, precision: 'settlement' },
  kind: 'indirect_fire',
  severity: 'grave',
  means: 'seen',
  narrative: 'Three impacts near the springs.',
};

/** Runs a command of `npx barada` on this database and returns its output. */
async function barada({ url }: TestDatabase, ...[name, ...args]: readonly string[]): Promise<string> {
  process.env['DATABASE_URL'] = url;
  process.env['BARADA_SECRET'] = SECRET;
  const out: string[] = [];
  const made = COMMANDS.map((command) => (command as (out: object) => ReturnType<typeof command>)(writer(out)));
  await made.find((command) => command.name() === name)?.parseAsync([...args], { from: 'user' });
  return out.join('');
}

function writer(out: string[]): object {
  return { isTTY: false, write: (text: string) => out.push(text) };
}

async function readModelsOf({ log, databases }: TestDatabase): Promise<unknown> {
  for (const projection of projectionsOf(settings())) await rebuild(projection, { log, sql: databases.analysis });
  return Promise.all(projectionsOf(settings()).map((projection) => digest(projection, databases.analysis)));
}

async function handleOf({ log, databases }: TestDatabase): Promise<unknown> {
  const [submitted] = await log.readStream(`report-${report}`);
  const position = submitted?.position ?? 0;
  return (await new PostgresConfidentialReader(databases).read([position])).get(position);
}

describe('A system that was backed up', () => {
  it('gives the same answers after a restore to another database, and both pass verify', async () => {
    const kept = join(folder, 'kept');
    expect(await barada(running.database, 'verify')).toContain('Nothing differs.');
    const output = await barada(running.database, 'backup', kept);
    const { position } = await running.database.log.head();
    expect(output).toContain(`up to position ${position}`);
    expect(await barada(running.database, 'verify', kept)).toContain('Nothing differs.');

    expect(await barada(empty, 'restore', kept)).toContain('every digest matches');
    expect(await empty.log.head()).toEqual(await running.database.log.head());
    expect(await handleOf(empty)).toEqual(await handleOf(running.database));
    expect(await handleOf(empty)).toMatchObject({ handle: 'abu-ali', narrative: REPORT.narrative });
    expect(await readModelsOf(empty)).toEqual(await readModelsOf(running.database));
    expect(await barada(empty, 'verify', kept)).toContain('Nothing differs.');
    await expect(barada(empty, 'restore', kept)).rejects.toThrow('This database is not empty');
  });

  it('fails verify after a row of a read model was changed, and the table is named', async () => {
    const owner = openPool(running.database.url, { applicationName: 'test owner', connections: 1 });
    await owner`update incident_fact set kinds = '{chemical}'`;
    await closePool(owner);
    await expect(barada(running.database, 'verify')).rejects.toThrow('facts: incident_fact has 1 rows');
    await readModelsOf(running.database);
    expect(await barada(running.database, 'verify')).toContain('Nothing differs.');
  });

  it('needs its secret again', async () => {
    const kept = join(folder, 'without');
    await barada(running.database, 'backup', kept);
    const fresh = await openTestDatabase();
    process.env['DATABASE_URL'] = fresh.url;
    process.env['BARADA_SECRET'] = '08'.repeat(32);
    const [restore] = COMMANDS.map((command) => command()).filter((command) => command.name() === 'restore');
    await expect(restore?.parseAsync([kept], { from: 'user' })).rejects.toThrow(
      'not the one that the backup was made with',
    );
    delete process.env['BARADA_SECRET'];
    process.env['BARADA_DIR'] = join(folder, 'new');
    await expect(restore?.parseAsync([kept], { from: 'user' })).rejects.toThrow('does not contain the secret');
    expect(await fresh.log.head()).toEqual({ position: 0, recordedAt: null });
    await fresh.drop();
  });
});

describe('Every table', () => {
  it('belongs to the log, is rebuilt from it, or is backed up', async () => {
    const found = await empty.databases.analysis<{ name: string }[]>`
      select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`;
    const folded = projectionsOf(settings()).flatMap(({ tables }) => tables);
    const accounted = [...OTHER_TABLES, ...BACKED_UP_TABLES.map(({ table }) => table), ...folded];
    expect(found.map(({ name }) => name).sort()).toEqual(accounted.sort());
  });
});
