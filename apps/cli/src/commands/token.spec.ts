import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { decodeJwt } from 'jose';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalIssuer, localIssuer } from '#platform';
import { token } from './token.js';

let folder: string;
const directory = process.env['BARADA_DIR'];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-token-'));
  await LocalIssuer.open(folder);
  process.env['BARADA_DIR'] = folder;
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  if (directory === undefined) delete process.env['BARADA_DIR'];
  else process.env['BARADA_DIR'] = directory;
});

async function printed(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const command = token((line) => lines.push(line))
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
