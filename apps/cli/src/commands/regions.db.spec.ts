import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Command, CommanderError } from 'commander';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, LocalIssuer, localIssuer, PlatformModule, VerifiedTokens } from '#platform';
import { loadAstanaProfile } from '#profile';
import { RegionsModule } from '#regions';
import { RegistryModule } from '#registry';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { Api } from '../api.js';
import { connectAsOperator } from '../regions/connect.js';
import { addRegions } from './regions.js';

let folder: string;
let database: TestDatabase;
let app: NestFastifyApplication;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-regions-'));
  database = await openTestDatabase();
  await loadAstanaProfile(database.log);
  const tokens = new VerifiedTokens([localIssuer(await LocalIssuer.open(folder))], 'Make one.');
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

type Ran = { readonly exitCode: number; readonly out: string; readonly complaint: string };

/** `connect` as on a command line, where nothing else is said. */
async function barada(args: readonly string[], connect?: () => Promise<Api>): Promise<Ran> {
  let [out, complaint] = ['', ''];
  const program = new Command('barada').exitOverride().configureOutput({ writeErr: (text) => (complaint += text) });
  const env = { BARADA_URL: url, BARADA_DIR: folder };
  addRegions(program, {
    connect: connect ?? (() => connectAsOperator(env)),
    out: { isTTY: false, write: (text) => (out += text) },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return { exitCode: 0, out, complaint };
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode, out, complaint };
    throw error;
  }
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
  it('draws the regions of a file, and changes nothing the second time', async () => {
    const path = await file('two.geojson', { SY0301: 1, SY0302: 2 });
    const first = await barada(['regions', 'import', path, '--level', 'district']);
    expect(first).toEqual({
      exitCode: 0,
      out: '1/2 SY0301 Name of SY0301\n2/2 SY0302 Name of SY0302\n2 drawn, 0 as they were, 0 refused.\n',
      complaint: '',
    });
    const { position } = await database.log.head();
    const second = await barada(['regions', 'import', path, '--level', 'district']);
    expect([second.exitCode, second.out.split('\n').at(-2)]).toEqual([0, '0 drawn, 2 as they were, 0 refused.']);
    expect((await database.log.head()).position).toBe(position);
    const changed = await file('changed.geojson', { SY0301: 1, SY0302: 3 });
    const third = await barada(['regions', 'import', changed, '--level', 'district']);
    expect(third.out).toContain('1 drawn, 1 as they were, 0 refused.');
  });

  it('draws nothing where a p-code is unknown, and says which', async () => {
    const { position } = await database.log.head();
    const path = await file('unknown.geojson', { SY0303: 1, SY0399: 1 });
    const { exitCode, complaint } = await barada(['regions', 'import', path, '--level', 'district']);
    expect(exitCode).toBe(1);
    expect(complaint).toContain('1 of 2 p-codes that are no district here: SY0399 (Name of SY0399)');
    expect((await database.log.head()).position).toBe(position);
  });

  it('draws what it can, and names what was refused', async () => {
    const path = await file('outside.geojson', { SY0401: 200, SY0402: 1 });
    const { exitCode, out, complaint } = await barada(['regions', 'import', path, '--level', 'district']);
    expect(exitCode).toBe(1);
    expect(out).toContain('1 drawn, 0 as they were, 1 refused.');
    expect(complaint).toMatch(/SY0401 \(Name of SY0401\): \/coordinates\/0\/1: must be a longitude/);
    expect(await database.log.readStream('region-SY0402')).toHaveLength(2);
  });

  it('says in a sentence that the level, the file or the system is not right', async () => {
    const path = await file('level.geojson', { SY0301: 1 });
    const level = await barada(['regions', 'import', path, '--level', 'governorate']);
    expect([level.exitCode, level.complaint]).toEqual([1, expect.stringContaining('--level district')]);
    const missing = await barada(['regions', 'import', join(folder, 'none.geojson'), '--level', 'district']);
    expect([missing.exitCode, missing.complaint]).toEqual([1, expect.stringContaining('cannot be read')]);
    const nowhere = (): Promise<Api> => Promise.resolve(new Api('http://127.0.0.1:9', 'x'));
    const away = await barada(['regions', 'import', path, '--level', 'district'], nowhere);
    expect([away.exitCode, away.complaint]).toEqual([
      1,
      expect.stringContaining('Nothing answers at http://127.0.0.1:9'),
    ]);
    const stranger = (): Promise<Api> => Promise.resolve(new Api(url, 'x'));
    const refused = await barada(['regions', 'import', path, '--level', 'district'], stranger);
    expect([refused.exitCode, refused.complaint]).toEqual([1, expect.stringContaining('BARADA_DIR')]);
    expect((await barada(['regions', 'import', path])).exitCode).toBe(1);
  });
});

describe('barada regions list', () => {
  it('prints a line a region', async () => {
    const { exitCode, out } = await barada(['regions', 'list', '--level', 'governorate']);
    expect(exitCode).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(14);
    expect(out).toMatch(/^SY01 +governorate +SY +undrawn +116.7 +Damascus +دمشق$/m);
    expect((await barada(['regions', 'list'])).out.trimEnd().split('\n')).toHaveLength(350);
  });
});
