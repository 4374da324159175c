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
  let said = '';
  const out = { isTTY: false, write: (text: string) => (said += text) !== '' };
  await keys(out).parseAsync(['node', 'keys', join(folder, 'shared')]);
  return said;
}

function read(name: string): Promise<string> {
  return readFile(join(folder, 'shared', name), 'utf8');
}

describe('barada keys', () => {
  it('makes what is missing, and leaves what is there', async () => {
    expect(await run()).toContain('api/secret, api/issuer-key, database/password');
    const made = await Promise.all(FILES.map(read));
    expect(made[0]).toMatch(/^[0-9a-f]{64}\n$/);
    expect(made[1]).toMatch(/^[\w-]{32}\n$/);
    await run();
    expect(await Promise.all(FILES.map(read))).toEqual(made);
  });

  it('shares no key that tokens could be signed with, and one that they can be checked with', async () => {
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

  it('takes a given secret, and refuses a second one', async () => {
    process.env['BARADA_SECRET'] = 'ab'.repeat(32);
    await run();
    expect(await read('api/secret')).toBe(`${'ab'.repeat(32)}\n`);
    process.env['BARADA_SECRET'] = 'cd'.repeat(32);
    await expect(run()).rejects.toThrow('Another secret is in');
  });
});
