import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closePool, openPool } from '../pool.js';
import { acquireEmbeddedPostgres, hasEmbeddedData } from './acquire.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'barada-acquire-'));
  await chmod(dir, 0o755); // under root, PostgreSQL runs as another user
});
afterEach(() => rm(dir, { recursive: true }));

async function answers(url: string): Promise<boolean> {
  const sql = openPool(url, { applicationName: 'test', connections: 1 });
  try {
    return (await sql`select`).length === 1;
  } finally {
    await closePool(sql);
  }
}

describe('An acquired PostgreSQL', () => {
  it('is the running one, and keeps running when it is released', async () => {
    expect(hasEmbeddedData(dir)).toBe(false);
    const running = await startEmbeddedPostgres({ dir });
    try {
      const acquired = await acquireEmbeddedPostgres(dir);
      expect(acquired).toMatchObject({ url: running.url, isAlreadyRunning: true });
      await acquired.release();
      expect(await answers(running.url)).toBe(true);
    } finally {
      await running.stop();
    }
  });

  it('is started if none is running, and stopped when it is released', async () => {
    const acquired = await acquireEmbeddedPostgres(dir);
    expect(acquired.isAlreadyRunning).toBe(false);
    expect(await answers(acquired.url)).toBe(true);
    await acquired.release();
    expect(hasEmbeddedData(dir)).toBe(true);
    await expect(answers(acquired.url)).rejects.toThrow('ECONNREFUSED');
  });
});
