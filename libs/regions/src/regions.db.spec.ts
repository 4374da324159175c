import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Boundary } from '#domain';
import {
  createApp,
  openApiOf,
  PlatformModule,
  requestsWithoutExample,
  TokenVerifier,
  type Caller,
  type Role,
} from '#platform';
import { loadAstanaProfile } from '#profile';
import { RegistryModule } from '#registry';
import { bareFoundations } from '../../../test/support/bare-foundations.js';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { RegionsModule } from './regions.module.js';

/** The token is the role. */
class RoleTokens extends TokenVerifier {
  override callerOf(token: string | null): Promise<Caller> {
    const roles = token === null ? [] : [token as Role];
    return Promise.resolve({ handle: 'somebody', organisation: '', roles, party: null });
  }
}

let database: TestDatabase;
let app: NestFastifyApplication;
beforeAll(async () => {
  database = await openTestDatabase();
  await loadAstanaProfile(database.log);
  const { databases, log } = database;
  const foundations = bareFoundations({ databases, log, tokens: new RoleTokens() });
  @Module({ imports: [PlatformModule.with(foundations), RegistryModule, RegionsModule] })
  class SpecModule {}
  app = await createApp(SpecModule, foundations.settings);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

type Method = 'GET' | 'POST' | 'PUT';
type Asked = { readonly role?: Role; readonly headers?: Readonly<Record<string, string>> };

async function ask(method: Method, url: string, body?: object, { role = 'operator', headers = {} }: Asked = {}) {
  const given = { authorization: `Bearer ${role}`, ...headers };
  return app.inject({ method, url, headers: given, ...(body === undefined ? {} : { payload: body }) });
}

async function read<Answer>(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await ask('GET', url, undefined, { role: 'analyst', headers });
  expect(answer.statusCode).toBe(200);
  return answer.json<Answer>();
}

type Row = { code: string; parts: string[]; containing: string[]; drawn: boolean; name: { en: string } };
type Rows = { items: Row[]; next: string | null; position: number; at: string; knownAt: string; modalities: string };
type Problem = { code: string; detail: string; errors?: { pointer: string; detail: string }[] };
type RegionResponse = { code: string; position: number };

function square(size: number): Boundary {
  const ring = [
    [36, 33],
    [36 + size, 33],
    [36 + size, 33 + size],
    [36, 33 + size],
    [36, 33],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

function zone(code: string, more: object = {}): object {
  return { code, level: 'zone', name: { en: 'A zone' }, parts: ['SY030702', 'SY030701'], ...more };
}

describe('POST /v1/regions', () => {
  it('defines a zone, visible at once, inside the regions that contain all of its parts', async () => {
    const answer = await ask('POST', '/v1/regions', zone('zone-1'));
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.etag).toBe('"1"');
    const { position } = answer.json<RegionResponse>();
    expect(answer.json()).toMatchObject({ code: 'zone-1', position });
    const region = await read<Row>(`/v1/regions/zone-1?minPosition=${position}`);
    expect(region.parts).toEqual(['SY030702', 'SY030701']);
    expect(region.containing).toEqual(['SY', 'SY03', 'SY0307', 'zone-1']);
  });

  it('answers a repeat as the first time, and refuses other content', async () => {
    const first = await ask('POST', '/v1/regions', zone('zone-2'));
    const again = await ask('POST', '/v1/regions', zone('zone-2', { boundary: null, from: null }));
    expect([first.statusCode, again.statusCode]).toEqual([201, 200]);
    expect(again.json()).toEqual(first.json());
    const other = await ask('POST', '/v1/regions', zone('zone-2', { parts: ['SY030702'] }));
    expect(other.statusCode).toBe(409);
    expect(other.json<Problem>()).toMatchObject({ code: 'region-exists' });
    expect(other.json<Problem>().detail).toContain('PUT /v1/regions/zone-2/boundary');
    expect((await ask('POST', '/v1/regions', zone('SY0307'))).statusCode).toBe(409);
  });

  it('takes the parts as a set: order and repeats do not matter', async () => {
    const first = await ask('POST', '/v1/regions', zone('zone-set'));
    const parts = ['SY030701', 'SY030702', 'SY030701'];
    const again = await ask('POST', '/v1/regions', zone('zone-set', { parts }));
    expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
    await ask('POST', '/v1/regions', zone('zone-set-2', { parts }));
    expect((await read<Row>('/v1/regions/zone-set-2')).parts).toEqual(['SY030701', 'SY030702']);
  });

  it('is stored once when twenty clients send it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/v1/regions', zone('zone-20'))));
    expect(new Set(answers.map(({ payload }) => payload)).size).toBe(1);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([...Array<number>(19).fill(200), 201]);
    expect(await database.log.readStream('region-zone-20')).toHaveLength(1);
  });

  it('refuses an unknown part and names it', async () => {
    const answer = await ask('POST', '/v1/regions', zone('zone-3', { parts: ['SY030702', 'SY999999'] }));
    expect(answer.statusCode).toBe(422);
    expect(answer.json<Problem>().errors).toMatchObject([{ pointer: '/parts/1' }]);
    expect(await database.log.readStream('region-zone-3')).toEqual([]);
  });

  it('takes a zone without a place, and one with a boundary only', async () => {
    expect((await ask('POST', '/v1/regions', zone('zone-4', { parts: [] }))).statusCode).toBe(201);
    const drawn = zone('zone-5', { parts: [], boundary: { ...square(1), bbox: [36, 33, 37, 34] } });
    expect((await ask('POST', '/v1/regions', drawn)).statusCode).toBe(201);
    const { parts } = await read<Row>('/v1/regions/zone-5');
    expect(parts).toContain('SY030702');
    expect(parts).not.toContain('SY020000');
  });

  it('is for operators', async () => {
    for (const role of ['monitor', 'verifier', 'officer', 'analyst', 'subscriber', 'protection'] as const) {
      expect((await ask('POST', '/v1/regions', zone('zone-6'), { role })).statusCode).toBe(403);
      expect((await ask('PUT', '/v1/regions/SY0307/boundary', square(1), { role })).statusCode).toBe(403);
    }
    expect(await database.log.readStream('region-zone-6')).toEqual([]);
  });

  it.each([
    ['a level that the profile brings', { level: 'district' }, '/level'],
    ['a code that no path can hold', { code: 'a/b' }, '/code'],
    ['an unknown member', { colour: 'red' }, '/colour'],
    ['a day without a time', { from: '2017-01-01' }, '/from'],
  ])('refuses %s', async (_, more, pointer) => {
    const answer = await ask('POST', '/v1/regions', zone('zone-7', more));
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Problem>().errors?.map((error) => error.pointer)).toEqual([pointer]);
  });
});

describe('PUT /v1/regions/{code}/boundary', () => {
  it('revises a boundary, once for the same one, and back to an earlier one', async () => {
    const put = async (size: number): Promise<number> => {
      const answer = await ask('PUT', '/v1/regions/SY0301/boundary', square(size));
      expect(answer.statusCode).toBe(200);
      return answer.json<RegionResponse>().position;
    };
    const first = await put(1);
    expect(await put(1)).toBe(first);
    const second = await put(2);
    expect(second).toBeGreaterThan(first);
    expect(await put(1)).toBeGreaterThan(second);
    expect(await database.log.readStream('region-SY0301')).toHaveLength(4);
    expect(await read('/v1/regions/SY0301')).toMatchObject({ drawn: true, boundary: square(1) });
  });

  it('takes several megabytes as application/geo+json, and no more than five', async () => {
    const boundary = (positions: number): Boundary => {
      const around = Array.from({ length: positions }, (_, index) => [
        37 + Math.cos((2 * Math.PI * index) / positions) / 10,
        34 + Math.sin((2 * Math.PI * index) / positions) / 10,
      ]);
      return { type: 'Polygon', coordinates: [[...around, around[0] ?? []]] };
    };
    const headers = { 'content-type': 'application/geo+json' };
    const large = await ask('PUT', '/v1/regions/SY0401/boundary', boundary(100_000), { headers });
    expect(large.statusCode).toBe(200);
    const tooLarge = await ask('PUT', '/v1/regions/SY0401/boundary', boundary(200_000), { headers });
    expect(tooLarge.statusCode).toBe(413);
    expect((await ask('POST', '/v1/regions', { ...boundary(100_000) })).statusCode).toBe(413);
  });

  it('respects If-Match', async () => {
    const current = (await ask('GET', '/v1/regions/SY0302')).headers.etag;
    expect(current).toBe('"1"');
    const put = (size: number, match: string) =>
      ask('PUT', '/v1/regions/SY0302/boundary', square(size), { headers: { 'if-match': match } });
    const drawn = await put(1, '"1"');
    expect([drawn.statusCode, drawn.headers.etag]).toEqual([200, '"2"']);
    expect((await put(2, '"1"')).statusCode).toBe(412);
    expect((await put(2, 'W/"x"')).statusCode).toBe(400);
  });

  it('answers 404 for a region that is not defined', async () => {
    const answer = await ask('PUT', '/v1/regions/SY99/boundary', square(1));
    expect([answer.statusCode, answer.json<Problem>().code]).toEqual([404, 'no-such-region']);
    expect(await database.log.readStream('region-SY99')).toEqual([]);
  });

  it.each([
    ['a ring that is open', { type: 'Polygon', coordinates: [square(1).coordinates[0]?.slice(1)] }, '/coordinates/0'],
    [
      'positions outside the world',
      {
        type: 'Polygon',
        coordinates: [
          [
            [36, 33],
            [36, 93],
            [37, 33],
            [36, 33],
          ],
        ],
      },
      '/coordinates/0/1',
    ],
    [
      'a ring of three positions',
      {
        type: 'Polygon',
        coordinates: [
          [
            [36, 33],
            [37, 33],
            [36, 33],
          ],
        ],
      },
      '/coordinates/0',
    ],
    ['a point', { type: 'Point', coordinates: [36, 33] }, '/type'],
    ['no ring at all', { type: 'MultiPolygon', coordinates: [[]] }, '/coordinates/0'],
    [
      'a position of one number',
      { type: 'Polygon', coordinates: [[[36], [37, 33], [37, 34], [36]]] },
      '/coordinates/0/0',
    ],
  ])('refuses %s', async (_, boundary, pointer) => {
    const answer = await ask('PUT', '/v1/regions/SY0307/boundary', boundary);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Problem>().errors?.[0]?.pointer).toBe(pointer);
    expect(await database.log.readStream('region-SY0307')).toHaveLength(1);
  });
});

describe('GET /v1/regions', () => {
  it('lists the largest first, in pages of one snapshot', async () => {
    const first = await read<Rows>('/v1/regions?limit=120');
    expect(first.items.slice(0, 2).map(({ code }) => code)).toEqual(['SY', 'SY01']);
    expect(first).toMatchObject({ modalities: 'astana-1', lens: 'strict' });
    await ask('POST', '/v1/regions', zone('zone-late'));
    const codes = first.items.map(({ code }) => code);
    for (let next = first.next; next !== null;) {
      const page = await read<Rows>(next);
      expect(page.position).toBe(first.position);
      codes.push(...page.items.map(({ code }) => code));
      next = page.next;
    }
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toContain('wadi-barada');
    expect(codes).not.toContain('zone-late');
    expect((await read<Rows>('/v1/regions?limit=1000')).items).toHaveLength(codes.length + 1);
  });

  it('tells a full last page from one with more pages after it', async () => {
    expect((await read<Rows>('/v1/regions?level=governorate&limit=14')).next).toBeNull();
    expect((await read<Rows>('/v1/regions?level=governorate&limit=13')).next).not.toBeNull();
    expect((await read<Rows>('/v1/regions?parent=SY0307')).items.map(({ code }) => code)).toContain('SY030702');
  });

  it('answers as known at an earlier instant or position', async () => {
    const past = await read<Rows>('/v1/regions?knownAtPosition=15&limit=1000');
    expect(past.items.map(({ code }) => code)).toHaveLength(15);
    expect(past.position).toBe(15);
    expect(past.modalities).toBeNull();
    const [event] = await database.log.read(14, 1);
    expect(past.knownAt).toBe(event?.recordedAt);
    const before = await read<Rows>('/v1/regions?knownAt=2016-12-01T00:00:00Z');
    expect([before.items, before.position]).toEqual([[], 0]);
  });

  it('leaves out regions that did not exist yet', async () => {
    const from = { from: '2017-05-06T00:00:00+03:00' };
    expect((await ask('POST', '/v1/regions', zone('zone-may', from))).statusCode).toBe(201);
    const codes = async (at: string): Promise<string[]> => {
      const { items } = await read<Rows>(`/v1/regions?level=zone&at=${at}`);
      return items.map(({ code }) => code);
    };
    expect(await codes('2017-05-05T20:59:59Z')).not.toContain('zone-may');
    expect(await codes('2017-05-05T21:00:00Z')).toContain('zone-may');
  });

  it.each([
    ['an English name, in small letters', 'wadi barada', 'wadi-barada'],
    ['an Arabic name', 'دمشق', 'SY01'],
    ['a name without its hamza', 'ادلب', 'SY07'],
    ['a code', 'sy0307', 'SY030702'],
  ])('is searched by %s', async (_, q, code) => {
    const { items } = await read<Rows>(`/v1/regions?limit=1000&q=${encodeURIComponent(q)}`);
    expect(items.map((row) => row.code)).toContain(code);
    expect(items.length).toBeLessThan(50);
  });

  it('gives the same rows as a table, as lines and as a map', async () => {
    const query = '/v1/regions?level=zone&limit=1000';
    const { items } = await read<Rows>(query);
    const lines = (await ask('GET', `${query}&f=ndjson`)).payload.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Row)).toEqual(items);
    const table = await ask('GET', query, undefined, { headers: { accept: 'text/csv' } });
    expect(table.headers['content-type']).toContain('text/csv');
    expect(table.payload.trim().split(/\r?\n/)).toHaveLength(items.length + 1);
    const map = (await ask('GET', `${query}&f=geojson`)).json<{
      features: { geometry: Boundary | null; properties: Row }[];
    }>();
    expect(map.features.map(({ properties }) => properties)).toEqual(items);
    const valley = map.features.find(({ properties }) => properties.code === 'wadi-barada');
    expect(valley?.geometry).toMatchObject({ type: 'Polygon' });
  });

  it("answers 503 for a position after the log's head", async () => {
    const answer = await ask('GET', '/v1/regions?minPosition=999999');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  });

  it('refuses an undefined lens and an unknown member', async () => {
    expect((await ask('GET', '/v1/regions?lens=rosy')).statusCode).toBe(422);
    expect((await ask('GET', '/v1/regions?colour=red')).statusCode).toBe(400);
    expect((await ask('GET', '/v1/regions?cursor=abc')).statusCode).toBe(400);
  });
});

describe('GET /v1/regions/{code}', () => {
  it('answers the complete region to anybody with a token', async () => {
    const answer = await ask('GET', '/v1/regions/SY030702', undefined, { role: 'monitor' });
    expect(answer.json()).toMatchObject({
      code: 'SY030702',
      level: 'subdistrict',
      name: { en: 'Ein Elfijeh', ar: 'عين الفيجة' },
      parent: 'SY0307',
      areaKm2: 102.3,
      drawn: false,
      boundary: null,
      lens: 'strict',
      modalities: 'astana-1',
    });
  });

  it('answers a feature when GeoJSON is requested', async () => {
    const byAccept = await ask('GET', '/v1/regions/wadi-barada', undefined, {
      headers: { accept: 'application/geo+json' },
    });
    expect(byAccept.headers['content-type']).toContain('application/geo+json');
    expect(byAccept.json()).toMatchObject({ type: 'Feature', id: 'wadi-barada', geometry: { type: 'Polygon' } });
    const byQuery = await ask('GET', '/v1/regions/SY030702?f=geojson');
    expect(byQuery.json()).toMatchObject({
      geometry: { type: 'Point', coordinates: [36.18767675, 33.63612923] },
      properties: { code: 'SY030702' },
    });
  });

  it('answers 404 with a problem for an unknown code', async () => {
    const answer = await ask('GET', '/v1/regions/SY99');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json<Problem>().code).toBe('no-such-region');
  });
});

describe('the document of the interface', () => {
  it('has an example for every request about regions', () => {
    const without = requestsWithoutExample(openApiOf(app));
    expect(without.filter((request) => request.includes('/v1/regions'))).toEqual([]);
  });
});
