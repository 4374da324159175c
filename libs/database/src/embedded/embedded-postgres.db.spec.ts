import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closePool, openPool } from '../pool.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { CannotStartPostgres } from './failure.js';
import { isAlive } from './processes.js';

const isRoot = process.getuid?.() === 0;

let parent: string;
let dir: string;
let started: EmbeddedPostgres[] = [];
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'barada-embedded-'));
  chmodSync(parent, 0o755);
  dir = join(parent, 'deep', 'postgres');
});
afterEach(async () => {
  await Promise.all(started.map((postgres) => postgres.stop()));
  started = [];
});
afterAll(() => {
  rmSync(parent, { recursive: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dir });
  started.push(postgres);
  return postgres;
}

async function query(url: string, statement: string): Promise<readonly unknown[]> {
  const sql = openPool(url, { applicationName: 'test', connections: 1 });
  try {
    return await sql.unsafe(statement);
  } finally {
    await closePool(sql);
  }
}

const postmaster = (): number => Number(readFileSync(join(dir, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** The state after kill -9: the file names a process that has exited. */
function fakeKilledOwner(): void {
  writeFileSync(join(dir, 'owner.json'), JSON.stringify({ pid: spawnSync('true').pid, started: '1' }));
}

describe('The embedded PostgreSQL', () => {
  it('keeps its data across restarts, and flushes commits to disk', async () => {
    const first = await start();
    expect(first.recovered).toBeNull();
    await query(first.url, "create table kept as select 'here' as note");
    expect(await query(first.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(first.url, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    const pid = postmaster();
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    const second = await start();
    expect(second.recovered).toBeNull();
    expect(await query(second.url, 'select note from kept')).toEqual([{ note: 'here' }]);
  });

  it('keeps its password private, and refuses a wrong one', async () => {
    const { url } = await start();
    expect(statSync(join(dir, 'password')).mode & 0o777).toBe(0o600);
    const wrong = url.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('shuts down the PostgreSQL of a killed process, and reports that it outlived the process', async () => {
    const killed = await start();
    await query(killed.url, "create table outlived as select 'here' as note");
    fakeKilledOwner();
    const pid = postmaster();
    const next = await start();
    expect(next.recovered).toBe('outlived');
    expect(isAlive(pid)).toBe(false);
    expect((await killed.lost).message).toMatch(/exited unexpectedly/);
    expect(await query(next.url, 'select note from outlived')).toEqual([{ note: 'here' }]);
  });

  it('recovers committed data after everything was killed, and reports the crash', async () => {
    const killed = await start();
    await query(killed.url, "create table crashed as select 'here' as note");
    process.kill(postmaster(), 'SIGKILL');
    await killed.lost;
    fakeKilledOwner();
    const next = await start();
    expect(next.recovered).toBe('crashed');
    expect(await query(next.url, 'select note from crashed')).toEqual([{ note: 'here' }]);
  });

  it('refuses a folder that a live process has locked', async () => {
    const { url } = await start();
    await expect(startEmbeddedPostgres({ dir })).rejects.toThrow(/Another Barada \(process \d+\) is running/);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('reports in one sentence that its folder cannot be used', async () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    const failure = startEmbeddedPostgres({ dir: join(file, 'postgres') });
    await expect(failure).rejects.toThrow(CannotStartPostgres);
    await expect(failure).rejects.toThrow(/cannot be written to .*: set BARADA_DIR to another folder\.$/);
  });

  // Only root starts PostgreSQL as somebody else.
  if (isRoot) {
    it('names the folder that its user cannot enter, and the remedy', async () => {
      const closed = join(parent, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      const failure = startEmbeddedPostgres({ dir: join(closed, 'postgres') });
      await expect(failure).rejects.toThrow(`cannot enter ${closed} on the path`);
      await expect(failure).rejects.toThrow(`chmod o+x ${closed}`);
    });
  }
});
