import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOrCreateSecret } from './secret.js';
import { Settings } from '../settings/settings.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the secret', () => {
  it('is created once, also by concurrent callers, and readable by its owner only', async () => {
    const settings = Settings.from({ BARADA_DIR: join(folder, 'deep', 'er') });
    const secrets = await Promise.all(Array.from({ length: 20 }, () => readOrCreateSecret(settings)));
    expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
    expect(await readdir(settings.directory)).toEqual(['secret']);
    expect((await stat(join(settings.directory, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readOrCreateSecret(settings)).toEqual(secrets[0]);
  });

  it('comes from the environment if it is set there', async () => {
    const settings = Settings.from({ BARADA_DIR: folder, BARADA_SECRET: 'ab'.repeat(32) });
    expect(await readOrCreateSecret(settings)).toEqual(Buffer.alloc(32, 0xab));
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not replaced if it is damaged', async () => {
    await writeFile(join(folder, 'secret'), 'abc');
    await expect(readOrCreateSecret(Settings.from({ BARADA_DIR: folder }))).rejects.toThrow(/is damaged/);
  });
});
