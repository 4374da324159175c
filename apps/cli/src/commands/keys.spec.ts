import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalIssuer, localIssuer, publicIssuer, Settings } from '#platform';
import { keys } from './keys.js';

let folder: string;
const before = { ...process.env };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-keys-'));
  process.env['BARADA_DIR'] = join(folder, 'issuer');
  delete process.env['BARADA_SECRET'];
});
afterEach(async () => {
  process.env = { ...before };
  await rm(folder, { recursive: true });
});

const FILES = ['api/secret', 'database/password', 'api/issuer-key'];

async function run(): Promise<string> {
  let printed = '';
  const out = { isTTY: false, write: (text: string) => (printed += text) !== '' };
  await keys(out).parseAsync(['node', 'keys', join(folder, 'shared')]);
  return printed;
}

function read(name: string): Promise<string> {
  return readFile(join(folder, 'shared', name), 'utf8');
}

describe('barada keys', () => {
  it('creates missing keys, and keeps existing ones', async () => {
    expect(await run()).toContain('api/secret, api/issuer-key, database/password');
    const made = await Promise.all(FILES.map(read));
    expect(made[0]).toMatch(/^[0-9a-f]{64}\n$/);
    expect(made[1]).toMatch(/^[\w-]{32}\n$/);
    await run();
    expect(await Promise.all(FILES.map(read))).toEqual(made);
  });

  it('shares only the public key of the issuer', async () => {
    await run();
    const shared =
      Settings.from({ BARADA_ISSUER_KEY_FILE: join(folder, 'shared', 'api', 'issuer-key') }).issuerKey ?? '';
    expect(JSON.parse(shared)).not.toHaveProperty('d');
    const issuer = await LocalIssuer.open(join(folder, 'issuer'));
    const token = await issuer.sign({ handle: 'ana', organisation: '', roles: [], party: null }, new Date(), 60);
    expect(await localIssuer(publicIssuer(shared)).verify(token)).toMatchObject({ sub: 'ana' });
    expect(() => Settings.from({ BARADA_ISSUER_KEY_FILE: join(folder, 'issuer', 'issuer.jwk') })).toThrow(
      /^BARADA_ISSUER_KEY must be the public key/,
    );
  });

  it('uses BARADA_SECRET, and refuses a different one', async () => {
    process.env['BARADA_SECRET'] = 'ab'.repeat(32);
    await run();
    expect(await read('api/secret')).toBe(`${'ab'.repeat(32)}\n`);
    process.env['BARADA_SECRET'] = 'cd'.repeat(32);
    await expect(run()).rejects.toThrow('contains another secret than BARADA_SECRET');
  });
});
