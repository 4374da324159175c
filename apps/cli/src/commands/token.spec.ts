import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { decodeJwt } from 'jose';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalIssuer, localIssuer } from '#platform';
import { token } from './token.js';

let folder: string;
let warnings: string[] = [];
const before = { ...process.env };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-token-'));
  await LocalIssuer.open(folder);
  process.env['BARADA_DIR'] = folder;
  // Nothing answers on this port.
  process.env['BARADA_URL'] = 'http://127.0.0.1:1';
  warnings = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  process.env = { ...before };
});

async function printed(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const command = token(
    (line) => lines.push(line),
    (line) => warnings.push(line),
  )
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args, { from: 'user' });
  expect(lines).toHaveLength(1);
  return lines.join();
}

describe('barada token', () => {
  it('prints a token that the system accepts, with all options', async () => {
    const text = await printed(
      '--role',
      'officer',
      '--role',
      'analyst',
      '--org',
      'mfa',
      '--sub',
      'eve',
      '--party',
      'RU',
      '--ttl',
      '90s',
    );
    const claims = await localIssuer(await LocalIssuer.open(folder)).verify(text);
    expect(claims).toMatchObject({ sub: 'eve', org: 'mfa', roles: ['officer', 'analyst'], party: 'RU' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(90);
  });

  it('needs only a role, and is valid for twelve hours', async () => {
    const { sub, roles, party, exp, iat } = decodeJwt(await printed('--role', 'monitor'));
    expect([sub, roles, party, (exp ?? 0) - (iat ?? 0)]).toEqual(['monitor-1', ['monitor'], undefined, 12 * 3_600]);
  });

  it('warns where the folder had no key, which a running system does not have', async () => {
    process.env['BARADA_DIR'] = join(folder, 'never-used');
    await printed('--role', 'monitor');
    expect(warnings).toEqual([
      expect.stringMatching(/^There was no key in .*never-used, so one was created; a running/),
    ]);
  });

  it('warns where the running system does not accept the key', async () => {
    let answer = 401;
    const server = createServer((_, response) => {
      response.statusCode = answer;
      response.setHeader('connection', 'close').end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env['BARADA_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await printed('--role', 'monitor');
    expect(warnings).toEqual([expect.stringMatching(/^The system at .* does not accept the key in /)]);
    answer = 200;
    await printed('--role', 'monitor');
    expect(warnings).toHaveLength(1);
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    [[]],
    [['--role', 'king']],
    [['--role', 'officer', '--party', 'XX']],
    [['--role', 'monitor', '--ttl', '5 minutes']],
    [['--role', 'monitor', '--ttl', '0h']],
  ])('refuses %j', async (args) => {
    await expect(printed(...args)).rejects.toThrow(CommanderError);
  });
});
