import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CommanderError, type Command } from 'commander';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, LocalIssuer, localIssuer, PlatformModule, Settings, JwtVerifier } from '#platform';
import { loadAstanaProfile } from '#profile';
import { RegionsModule } from '#regions';
import { RegistryModule } from '#registry';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { Client } from '../client.js';
import { Failure } from '../failure.js';
import { regions } from './regions.js';

let folder: string;
let database: TestDatabase;
let app: NestFastifyApplication;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-regions-'));
  database = await openTestDatabase();
  await loadAstanaProfile(database.log);
  const tokens = new JwtVerifier([localIssuer(await LocalIssuer.open(folder))], 'Make one.');
  const foundations = bareFoundations({ databases: database.databases, log: database.log, tokens });
  @Module({ imports: [PlatformModule.with(foundations), RegistryModule, RegionsModule] })
  class SpecModule {}
  app = await createApp(SpecModule, foundations.settings);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

type Ran = { readonly exitCode: number; readonly out: string; readonly stderr: string };

function settingsOf(env: Readonly<Record<string, string>>): Settings {
  return Settings.from({ BARADA_URL: url, BARADA_DIR: folder, ...env });
}

async function barada(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  let [out, stderr] = ['', ''];
  const command = regions({
    connect: () => Client.open(settingsOf(env)),
    out: { isTTY: false, write: (text) => (out += text) },
  });
  for (const each of [command, ...command.commands]) quiet(each, (text) => (stderr += text));
  try {
    await command.parseAsync(args, { from: 'user' });
    return { exitCode: 0, out, stderr };
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode, out, stderr };
    if (error instanceof Failure) return { exitCode: 1, out, stderr: error.message };
    throw error;
  }
}

function quiet(command: Command, writeErr: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeErr });
}

async function file(name: string, shapes: Readonly<Record<string, number>>): Promise<string> {
  const features = Object.entries(shapes).map(([code, size]) => ({
    type: 'Feature',
    properties: { adm1_pcode: code.slice(0, 4), adm2_pcode: code, adm2_name: `Name of ${code}` },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [36, 33],
          [36 + size, 33],
          [36 + size, 33 + size],
          [36, 33],
        ],
      ],
    },
  }));
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return path;
}

describe('barada regions import', () => {
  it('imports the boundaries of a file, and changes nothing the second time', async () => {
    const path = await file('two.geojson', { SY0301: 1, SY0302: 2 });
    const first = await barada(['import', path, '--level', 'district']);
    expect(first).toEqual({
      exitCode: 0,
      out: '1/2 SY0301 Name of SY0301\n2/2 SY0302 Name of SY0302\n2 imported, 0 unchanged, 0 refused.\n',
      stderr: '',
    });
    const { position } = await database.log.head();
    const second = await barada(['import', path, '--level', 'district']);
    expect([second.exitCode, second.out.split('\n').at(-2)]).toEqual([0, '0 imported, 2 unchanged, 0 refused.']);
    expect((await database.log.head()).position).toBe(position);
    const changed = await file('changed.geojson', { SY0301: 1, SY0302: 3 });
    const third = await barada(['import', changed, '--level', 'district']);
    expect(third.out).toContain('1 imported, 1 unchanged, 0 refused.');
  });

  it('imports nothing where a p-code is unknown, and names it', async () => {
    const { position } = await database.log.head();
    const path = await file('unknown.geojson', { SY0303: 1, SY0399: 1 });
    const { exitCode, stderr } = await barada(['import', path, '--level', 'district']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('1 of 2 p-codes that are not a district of this system: SY0399 (Name of SY0399)');
    expect((await database.log.head()).position).toBe(position);
  });

  it('imports valid boundaries, and names the refused ones', async () => {
    const path = await file('outside.geojson', { SY0401: 200, SY0402: 1 });
    const { exitCode, out, stderr } = await barada(['import', path, '--level', 'district']);
    expect(exitCode).toBe(1);
    expect(out).toContain('1 imported, 0 unchanged, 1 refused.');
    expect(stderr).toMatch(/SY0401 \(Name of SY0401\): \/coordinates\/0\/1: must be a longitude/);
    expect(await database.log.readStream('region-SY0402')).toHaveLength(2);
  });

  it('reports a wrong level, an unreadable file or an unreachable system in one sentence', async () => {
    const path = await file('level.geojson', { SY0301: 1 });
    const level = await barada(['import', path, '--level', 'governorate']);
    expect([level.exitCode, level.stderr]).toEqual([1, expect.stringContaining('--level district')]);
    const missing = await barada(['import', join(folder, 'none.geojson'), '--level', 'district']);
    expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining('cannot be read')]);
    const away = await barada(['import', path, '--level', 'district'], { BARADA_URL: 'http://127.0.0.1:9' });
    expect([away.exitCode, away.stderr]).toEqual([1, expect.stringContaining('Nothing answers at')]);
    const keyless = await barada(['import', path, '--level', 'district'], { BARADA_DIR: join(folder, 'none') });
    expect([keyless.exitCode, keyless.stderr]).toEqual([1, expect.stringContaining('There is no key')]);
    const other = join(folder, 'other');
    await LocalIssuer.open(other);
    const stranger = await barada(['import', path, '--level', 'district'], { BARADA_DIR: other });
    expect([stranger.exitCode, stranger.stderr]).toEqual([1, expect.stringContaining('401')]);
    expect((await barada(['import', path])).exitCode).toBe(1);
  });
});

describe('barada regions list', () => {
  it('prints one line per region', async () => {
    const { exitCode, out } = await barada(['list', '--level', 'governorate']);
    expect(exitCode).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(14);
    expect(out).toMatch(/^SY01 +governorate +SY +undrawn +116.7 +Damascus +دمشق$/m);
    expect((await barada(['list'])).out.trimEnd().split('\n')).toHaveLength(350);
  });
});
