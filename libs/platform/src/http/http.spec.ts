import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'node:net';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { z } from 'zod';
import { Refusal, UnknownName } from '#domain';
import { LogUnavailable, Overloaded, StaleVersion } from '#event-log';
import {
  Bulk,
  parseBulkLine,
  type BulkLine,
  validate,
  createApp,
  decodeCursor,
  encodeCursor,
  List,
  listQuery,
  PlatformModule,
  Problem,
  Settings,
  type Page,
} from '#platform';
import { eventually } from '../../../../test/support/eventually.js';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';

const thing = z.strictObject({
  id: z.uuid(),
  occurred: z.strictObject({
    from: z.iso.datetime({ offset: true }),
    precision: z.enum(['minute', 'hour']).optional(),
  }),
  severity: z.enum(['minor', 'grave']).optional(),
  accused: z.array(z.string().min(1)).max(2).optional(),
});
const row = z.object({
  name: z.string(),
  at: z.object({ lon: z.number(), lat: z.number() }).nullable(),
  tags: z.array(z.string()),
});
type Row = z.output<typeof row>;
const rowsQuery = z.strictObject({ ...listQuery, region: z.string().optional() });

const rows: readonly Row[] = [
  { name: 'عين الفيجة', at: { lon: 36.18, lat: 33.6 }, tags: ['a', 'b'] },
  { name: '=HYPERLINK("http://x")', at: null, tags: [] },
];

const errors: Readonly<Record<string, () => Error>> = {
  refusal: () => new Refusal('already-withdrawn', 'It has been withdrawn.'),
  unknown: () => new UnknownName('/accused/0', 'nobody has registered `sa`'),
  overloaded: () => new Overloaded(2),
  stale: () => new StaleVersion('incident-1', 3, 4),
  unavailable: () => new LogUnavailable(new Error('connect postgres://secret')),
  lost: () => Object.assign(new Error('connect postgres://secret'), { code: 'ECONNREFUSED' }),
  broken: () => new Error('select secret from handles'),
  full: () => Object.assign(new Error('could not extend file "secret"'), { code: '53100' }),
  readOnly: () => Object.assign(new Error('cannot execute INSERT'), { code: '25006' }),
  locked: () => Object.assign(new Error('canceling statement: secret'), { code: '55P03' }),
  slow: () => Object.assign(new Error('canceling statement'), { code: '57014' }),
  disk: () => Object.assign(new Error('no space left: /secret'), { code: 'ENOSPC' }),
  nul: () => Object.assign(new Error('invalid byte sequence: secret'), { code: '22021' }),
  code: () => Object.assign(new Error('duplicate key (handle)=(x)'), { code: '23505' }),
};

@Controller('things')
class ThingsController {
  @Post()
  take(@Body({ schema: thing }) body: z.output<typeof thing>): object {
    return { took: body.id };
  }

  @Post('bulk')
  @HttpCode(200)
  async bulk(@Body() body: unknown): Promise<object> {
    if (!(body instanceof Bulk)) return { took: validate(thing, body).id };
    const lines: unknown[] = [];
    for await (const { line, bytes } of body) lines.push([line, bytes?.toString() ?? null]);
    return { lines: lines.length, first: lines[0], last: lines.at(-1) };
  }

  @Post('lines')
  async lines(@Body() body: Bulk): Promise<readonly string[]> {
    const outcomes: string[] = [];
    for await (const line of body) outcomes.push(outcomeOf(line));
    return outcomes;
  }

  @Get()
  @List<Row>({ row, geometry: ({ at }) => at && { type: 'Point', coordinates: [at.lon, at.lat] } })
  list(@Query({ schema: rowsQuery }) query: z.output<typeof rowsQuery>): Page<Row> & { position: number } {
    return { items: rows.slice(0, query.limit), next: query.limit < 2 ? 'abc' : null, position: 17 };
  }

  @Get('many')
  @List<Row>({ row })
  many(@Query({ schema: rowsQuery }) { cursor, limit }: z.output<typeof rowsQuery>): Page<Row> {
    const after = cursor === undefined ? 0 : decodeCursor(cursor, z.strictObject({ after: z.int() })).after;
    const until = Math.min(after + limit, 2_500);
    const items = Array.from({ length: until - after }, (_, index) => ({
      name: `row ${after + index}`,
      at: null,
      tags: [],
    }));
    return { items, next: until < 2_500 ? encodeCursor({ after: until }) : null };
  }

  @Get('errors/:name')
  fail(@Param('name') name: string): never {
    throw errors[name]?.() ?? new Problem(404, 'no-such-error', 'No such error.');
  }

  @Get(':id')
  one(@Param('id', { schema: z.uuid() }) id: string): object {
    return { id };
  }
}

function outcomeOf(line: BulkLine): string {
  try {
    parseBulkLine(line);
    return 'ok';
  } catch (error) {
    return (error as Problem).code;
  }
}

const settings = Settings.from({ BODY_LIMIT: '2000', BULK_LIMIT: String(2 ** 25) });

@Module({ imports: [PlatformModule.with(bareFoundations({ settings }))], controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await createApp(ThingsModule, settings);
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

const good = { id: '01941b7e-8a00-7000-8000-000000000001', occurred: { from: '2017-01-15T10:00:00Z' } };

async function post(body: string | Buffer, type = 'application/json', path = '/things', headers = {}) {
  return app.inject({ method: 'POST', url: path, headers: { 'content-type': type, ...headers }, payload: body });
}

async function problem(body: unknown) {
  const answer = await post(JSON.stringify(body));
  expect(answer.statusCode).toBe(400);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  return answer.json<{ detail: string; errors: { pointer: string; code: string; detail: string }[] }>();
}

describe('a body', () => {
  it('is accepted if it fits the schema', async () => {
    const answer = await post(JSON.stringify(good));
    expect([answer.statusCode, answer.json()]).toEqual([201, { took: good.id }]);
  });

  it('gets every mistake reported with its place and how to fix it', async () => {
    const { detail, errors: found } = await problem({
      ...good,
      occurred: { precision: 'hours' },
      severty: 'grave',
      accused: ['', 1],
      'a/b': 1,
    });
    expect(detail).toMatch(/^\/occurred\/from: is missing.*\(and 5 more, see `errors`\)$/);
    expect(found).toEqual([
      {
        pointer: '/occurred/from',
        code: 'missing',
        detail:
          'is missing; give an RFC 3339 instant that exists, with offset, such as 2017-01-15T10:00:00Z or 2017-01-15T12:00:00+02:00',
      },
      { pointer: '/occurred/precision', code: 'not_listed', detail: 'must be one of minute, hour; did you mean hour?' },
      { pointer: '/accused/0', code: 'too_small', detail: 'must have at least 1 character' },
      { pointer: '/accused/1', code: 'wrong_type', detail: 'must be a text, not a number' },
      { pointer: '/severty', code: 'unknown_member', detail: 'is not known here; did you mean `severity`?' },
      {
        pointer: '/a~1b',
        code: 'unknown_member',
        detail: 'is not known here; known members are id, occurred, severity, accused',
      },
    ]);
  });

  it('is required', async () => {
    expect((await problem(null)).detail).toBe('must be an object with id, occurred, not null');
  });

  it.each(['2017-02-30T00:00:00Z', '2017-01-15T25:00:00Z', '2017-01-15T10:00:00', 'yesterday'])(
    'is refused with the instant %s',
    async (from) => {
      const { errors: found } = await problem({ ...good, occurred: { from } });
      expect(found).toMatchObject([{ pointer: '/occurred/from', code: 'wrong_format' }]);
    },
  );

  it.each([
    ['malformed JSON', '{"id": 1,, "handle": "x"}', 'application/json', 400, 'bad-json'],
    ['a poisoned prototype', '{"__proto__": {}}', 'application/json', 400, 'bad-json'],
    ['a long body', JSON.stringify({ ...good, long: 'x'.repeat(2000) }), 'application/json', 413, 'too-large'],
    ['a form', 'a=1', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['a text', 'a', 'text/plain', 415, 'unsupported-media-type'],
    ['a bulk where one is wanted', '{}', 'application/x-ndjson', 415, 'unsupported-media-type'],
  ])('is refused as %s', async (_, body, type, status, code) => {
    const answer = await post(body, type);
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([status, { status, code, instance: '/things' }]);
    expect(answer.body).not.toContain('handle');
  });

  it.each([
    ['windows-1256', Buffer.from([0xde, 0xd5, 0xdd])],
    ['latin-1', Buffer.from('café', 'latin1')],
    ['an overlong form', Buffer.from([0xc0, 0xaf])],
    ['CESU-8', Buffer.from([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80])],
    ['a cut sequence', Buffer.from('😀').subarray(0, 3)],
  ])('is refused in %s', async (_, text) => {
    const body = Buffer.concat([Buffer.from('{"id":"'), text, Buffer.from('"}')]);
    const answer = await post(body);
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([400, { code: 'not-utf-8' }]);
    const line = await post(Buffer.concat([body, Buffer.from('\n{}')]), 'application/x-ndjson', '/things/lines');
    expect(line.json()).toEqual(['not-utf-8', 'ok']);
  });

  it.each([
    'application/json; charset=windows-1256',
    'application/json;charset="latin1"',
    'application/x-ndjson; charset=utf-16',
  ])('is refused as %s', async (type) => {
    const answer = await post('{}', type, '/things/bulk');
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([415, { code: 'unsupported-charset' }]);
  });

  it.each(['application/json; charset=UTF-8', 'application/json; charset="utf-8"'])(
    'is accepted as %s',
    async (type) => {
      expect((await post(JSON.stringify(good), type)).statusCode).toBe(201);
    },
  );

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('is accepted in %s, within the limit after decompression', async (encoding, compress) => {
    const [small, large] = [good, { ...good, long: 'x'.repeat(2 ** 24) }].map((body) => compress(JSON.stringify(body)));
    const headers = { 'content-encoding': encoding };
    expect((await post(small ?? '', 'application/json', '/things', headers)).json()).toEqual({ took: good.id });
    const refused = await post((large ?? Buffer.alloc(0)).subarray(0, 1_900), 'application/json', '/things', headers);
    expect([refused.statusCode, refused.json<object>()]).toMatchObject([413, { code: 'too-large' }]);
    const invalid = await post('{}{}', 'application/json', '/things', headers);
    expect([invalid.statusCode, invalid.json<object>()]).toMatchObject([400, { code: `bad-${encoding}` }]);
    const lines = await post(compress('{}\n{}'), 'application/x-ndjson', '/things/lines', headers);
    expect(lines.json()).toEqual(['ok', 'ok']);
  });

  it('is refused in an unknown encoding', async () => {
    const answer = await post('{}', 'application/json', '/things', { 'content-encoding': 'deflate, gzip' });
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([415, { code: 'unsupported-encoding' }]);
  });

  it.each([
    ['{"id":1,"id":1}', '/id'],
    ['{"occurred":{"from":"a","to":[{"x":"\\"}"},{"y":1,"\\u0079":2}]}}', '/occurred/to/1/y'],
  ])('is refused if a member is repeated: %s', async (body, pointer) => {
    expect((await post(body)).json()).toMatchObject({
      ...{ status: 400, code: 'malformed', errors: [{ pointer, code: 'repeated_member' }] },
    });
  });

  it('may have the same member name in different objects, and as a value', async () => {
    const body = '{"severity":"severity","occurred":{"severity":["severity","severity"]}}';
    expect((await post(body)).body).not.toContain('repeated_member');
  });

  it('may have null for every member that may be omitted', async () => {
    const body = { ...good, occurred: { ...good.occurred, precision: null }, severity: null, accused: null };
    expect((await post(JSON.stringify(body))).json()).toEqual({ took: good.id });
    const { errors: found } = await problem({ ...good, occurred: null });
    expect(found).toMatchObject([{ pointer: '/occurred', code: 'wrong_type' }]);
  });

  it('gets the location of a JSON syntax error', async () => {
    expect((await post('{"id":\n1,,}')).json()).toMatchObject({
      detail: 'The text is not well-formed JSON at line 2, column 3.',
    });
  });
});

describe('a problem', () => {
  it.each([
    ['refusal', 409, { code: 'already-withdrawn', detail: 'It has been withdrawn.' }],
    [
      'unknown',
      422,
      {
        code: 'unknown-name',
        errors: [{ pointer: '/accused/0', code: 'unknown_name', detail: 'nobody has registered `sa`' }],
      },
    ],
    ['overloaded', 503, { code: 'overloaded' }],
    ['stale', 412, { code: 'stale-version' }],
    ['unavailable', 503, { code: 'unavailable' }],
    ['lost', 503, { code: 'unavailable' }],
    ['full', 503, { code: 'unavailable', detail: expect.stringContaining('disk of the database is full') }],
    ['readOnly', 503, { code: 'unavailable', detail: expect.stringContaining('read-only') }],
    ['locked', 503, { code: 'unavailable' }],
    ['slow', 503, { code: 'unavailable' }],
    ['disk', 503, { code: 'unavailable' }],
    ['nul', 400, { code: 'unstorable-text' }],
    ['broken', 500, { code: 'internal' }],
    ['code', 500, { code: 'internal' }],
  ])('is answered for %s', async (name, status, body) => {
    const answer = await app.inject(`/things/errors/${name}`);
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([
      status,
      { ...body, status, title: expect.any(String) },
    ]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).not.toMatch(/secret|handle|stack/);
  });

  it.each([
    ['overloaded', '2'],
    ['unavailable', '1'],
    ['full', '5'],
    ['slow', '5'],
  ])('says when to retry after %s', async (name, seconds) => {
    expect((await app.inject(`/things/errors/${name}`)).headers['retry-after']).toBe(seconds);
  });

  it.each(['/things?region=%00', '/things/%00', '/things?region=SY%ed%a0%bd', '/things?region=100%'])(
    'is answered for %s, which nobody can store or find',
    async (url) => {
      const answer = await app.inject(url);
      expect([answer.statusCode, answer.json<object>()]).toMatchObject([400, { code: 'bad-url' }]);
    },
  );

  it('is not an error of ours if the client disconnected', async () => {
    const { port } = new URL(await app.getUrl());
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    const count = async (): Promise<string> => (await app.inject('/metrics')).body;
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.end();
    socket.destroy();
    await eventually(async () => {
      expect(await count()).toMatch(/http_request_seconds_count\{method="POST",route="\/things",status="400"\}/);
    });
    expect(await count()).not.toMatch(/method="POST",route="\/things",status="5/);
  });

  it('names a malformed parameter of the path', async () => {
    const answer = await app.inject('/things/x');
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([
      400,
      { errors: [{ pointer: '/id', code: 'wrong_format' }] },
    ]);
  });

  it('distinguishes an unknown path from a wrong method', async () => {
    const nowhere = await app.inject('/nowhere?handle=x');
    expect([nowhere.statusCode, nowhere.json<object>()]).toMatchObject([
      404,
      { code: 'no-such-route', instance: '/nowhere' },
    ]);
    const wrong = await app.inject({ method: 'DELETE', url: '/things' });
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS, POST']);
  });

  it('is answered for a path that is not a valid URL', async () => {
    const answer = await app.inject('/things/%ff');
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([400, { code: 'bad-url' }]);
  });
});

describe('a request', () => {
  it('keeps its id, or is given one', async () => {
    const given = await app.inject({ url: '/things', headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers['x-request-id']).toBe('abc-1');
    const made = await app.inject({ url: '/things', headers: { 'x-request-id': 'no\tgood' } });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('may be HEAD or OPTIONS', async () => {
    expect((await app.inject({ method: 'HEAD', url: '/things' })).statusCode).toBe(200);
    const options = await app.inject({ method: 'OPTIONS', url: '/things' });
    expect([options.statusCode, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
  });
});

describe('a list', () => {
  it('is JSON with a link to the next page', async () => {
    const answer = await app.inject('/things?limit=1&region=SY03');
    expect(answer.json()).toEqual({
      items: rows.slice(0, 1),
      next: '/things?limit=1&region=SY03&cursor=abc',
      position: 17,
    });
    expect(answer.headers.link).toBe('</things?limit=1&region=SY03&cursor=abc>; rel="next"');
    expect((await app.inject('/things')).json()).toMatchObject({ next: null });
  });

  it('is CSV that is safe to open in a spreadsheet', async () => {
    const answer = await app.inject('/things?f=csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['barada-position']).toBe('17');
    expect(answer.body).toBe(
      'name,at.lon,at.lat,tags\r\nعين الفيجة,36.18,33.6,a;b\r\n"\'=HYPERLINK(""http://x"")",,,\r\n',
    );
  });

  it.each(['csv', 'ndjson'])('is complete as %s without a limit, and a page with one', async (f) => {
    const whole = await app.inject(`/things/many?f=${f}`);
    const names = [...whole.body.matchAll(/row (\d+)/g)].map(([, number]) => Number(number));
    expect(names).toEqual(Array.from({ length: 2_500 }, (_, index) => index));
    expect(whole.body.match(/name,/g) ?? []).toHaveLength(f === 'csv' ? 1 : 0);
    expect(whole.headers['content-type']).toMatch(/; charset=utf-8$/);
    const page = await app.inject(`/things/many?f=${f}&limit=100`);
    expect([...page.body.matchAll(/row \d+/g)]).toHaveLength(100);
    expect(page.headers.link).toContain('cursor=');
  });

  it('is GeoJSON with the same rows', async () => {
    const answer = await app.inject({ url: '/things', headers: { accept: 'application/geo+json' } });
    expect(answer.headers['content-type']).toBe('application/geo+json; charset=utf-8');
    expect(answer.json()).toEqual({
      type: 'FeatureCollection',
      next: null,
      position: 17,
      features: [
        { type: 'Feature', geometry: { type: 'Point', coordinates: [36.18, 33.6] }, properties: rows[0] },
        { type: 'Feature', geometry: null, properties: rows[1] },
      ],
    });
  });

  it('is NDJSON with one row per line', async () => {
    const answer = await app.inject({
      url: '/things',
      headers: { accept: 'text/html;q=0.9, application/x-ndjson;q=0.8, */*;q=0.1' },
    });
    expect(
      answer.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(rows);
  });

  it('continues from its own cursors only', async () => {
    const cursor = encodeCursor({ position: 0, after: 'a' });
    const shape = z.strictObject({ position: z.int(), after: z.string() });
    expect(decodeCursor(cursor, shape)).toEqual({ position: 0, after: 'a' });
    const altered = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const value of [
      null,
      [],
      7,
      { v: 2, position: 0, after: 'a' },
      { position: 0, after: 'a' },
      { v: 1, position: '0' },
    ])
      expect(() => decodeCursor(altered(value), shape)).toThrow('The cursor is not valid');
    expect((await app.inject(`/things?cursor=${cursor}`)).statusCode).toBe(200);
    for (const past of [
      { v: 1, position: 1, after: 'a' },
      { v: 1, before: 1e15 },
    ])
      expect((await app.inject(`/things?cursor=${altered(past)}`)).json()).toMatchObject({
        status: 400,
        code: 'bad-cursor',
      });
  });

  it.each(['limit=0', 'limit=1001', 'limit=many', 'regoin=SY', 'f=xml', 'limit=1&limit=2'])(
    'refuses ?%s',
    async (query) => {
      expect((await app.inject(`/things?${query}`)).statusCode).toBe(400);
    },
  );
});

describe('a bulk', () => {
  const lines = Array.from({ length: 5_000 }, (_, index) => JSON.stringify({ line: index + 1, name: 'عين الفيجة' }));

  it('is read line by line, also if it is compressed', async () => {
    const whole = { lines: 5_000, first: [1, lines[0]], last: [5_000, lines.at(-1)] };
    expect((await post(lines.join('\n'), 'application/x-ndjson', '/things/bulk')).json()).toEqual(whole);
    const zipped = gzipSync(`${lines.join('\n')}\n`);
    const answer = await post(zipped, 'application/x-ndjson', '/things/bulk', { 'content-encoding': 'gzip' });
    expect(answer.json()).toEqual(whole);
  });

  it('continues after a line that is too long, and numbers blank lines', async () => {
    const answer = await post(`${'x'.repeat(3_000)}\n\n{}\n`, 'application/x-ndjson', '/things/bulk');
    expect(answer.json()).toEqual({ lines: 3, first: [1, null], last: [3, '{}'] });
  });

  it.each([
    ['a bomb', gzipSync(Buffer.alloc(2 ** 24, 'x')), 413, 'too-large'],
    ['a bomb of blank lines', gzipSync(Buffer.alloc(2 ** 24, '\r\n')), 400, 'too-many-blank-lines'],
    [
      'more than the limit',
      gzipSync(Buffer.from(`${'0123456789abcdef'.repeat(32)}\n`.repeat(70_000))),
      413,
      'too-large',
    ],
    ['no gzip', Buffer.from('{}\n'), 400, 'bad-gzip'],
    ['a gzip cut off', gzipSync(Buffer.from(lines.join('\n'))).subarray(0, 500), 400, 'bad-gzip'],
  ])('is refused as %s', async (_, body, status, code) => {
    const answer = await fetch(`${await app.getUrl()}/things/bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      body,
    });
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
  });

  it('is refused in an unknown encoding', async () => {
    const answer = await post('{}', 'application/x-ndjson', '/things/bulk', { 'content-encoding': 'compress' });
    expect([answer.statusCode, answer.json<object>()]).toMatchObject([415, { code: 'unsupported-encoding' }]);
  });
});

describe('the entry', () => {
  it('is a page without scripts that leads to the documentation', async () => {
    const page = await app.inject('/');
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toMatch(/href="\/docs"[^]*href="\/health\/status"/);
    expect(page.body).not.toContain('<script');
  });

  it('lists the routes of the API', async () => {
    expect((await app.inject('/v1')).json()).toEqual({ documentation: '/docs', openapi: '/openapi.json', routes: [] });
  });
});

describe('a body of 50 MB', () => {
  it('is refused before it is read', async () => {
    const { port } = new URL(await app.getUrl());
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 52428800\r\n\r\n{',
    );
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (data) => {
        resolve(data.toString());
      }),
    );
    socket.destroy();
    expect(answer).toContain('413 Payload Too Large');
  });
});
