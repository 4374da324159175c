import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Settings, traceIdOf } from '#platform';
import { eventually } from '../../../../test/support/eventually.js';
import { runApp, type TestUser, type RunningApp } from '../../../../test/support/running-app.js';
import { newIncidentId } from '../incident-id.js';
import { IntakeModule } from '../intake.module.js';

const MONITOR: TestUser = { handle: 'abu-khalil', organisation: 'valley-media', roles: ['monitor'] };
const LINE_MAX = 4_096;
const TOTAL_MAX = 2 ** 24;

let running: RunningApp;
beforeAll(async () => {
  const settings = Settings.from({ BODY_LIMIT: String(LINE_MAX), BULK_LIMIT: String(TOTAL_MAX) });
  running = await runApp([IntakeModule], { settings });
});
afterAll(() => running.close());

type Report = { readonly id: string } & Readonly<Record<string, unknown>>;
type ApiResponse = {
  readonly line: number;
  readonly id: string | null;
  readonly status: string;
  readonly position?: number;
  readonly problem?: { readonly status: number; readonly code: string; readonly detail: string };
};

function violation(members: object = {}): Report {
  return {
    id: randomUUID(),
    type: 'violation',
    occurred: { from: '2017-01-15T10:00:00Z' },
    place: { region: 'SY030702' },
    kind: 'indirect_fire',
    means: 'seen',
    ...members,
  };
}

function linesOf(reports: readonly unknown[]): string {
  return reports.map((report) => JSON.stringify(report)).join('\n');
}

async function send(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${await running.token(MONITOR)}`;
  const init = { authorization, 'content-type': 'application/x-ndjson', ...headers };
  return fetch(`${running.url}/v1/reports`, { method: 'POST', headers: init, body });
}

async function answersTo(body: string | Buffer, headers: Record<string, string> = {}): Promise<readonly ApiResponse[]> {
  const answer = await send(body, headers);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  return parsed(await answer.text());
}

function parsed(text: string): readonly ApiResponse[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ApiResponse);
}

async function head(): Promise<number> {
  return (await running.database.log.head()).position;
}

/** A request whose body the test writes piece by piece, while it reads the answer. */
async function open(): Promise<{ readonly request: ClientRequest; readonly response: Promise<IncomingMessage> }> {
  const headers = { authorization: `Bearer ${await running.token(MONITOR)}`, 'content-type': 'application/x-ndjson' };
  const request = httpRequest(`${running.url}/v1/reports`, { method: 'POST', headers });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  return { request, response };
}

describe('a file of reports', () => {
  it('stores neither that its reports came together nor the request ids of its sender', async () => {
    const before = await head();
    const theirs = {
      'x-request-id': 'phone-7',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    };
    await answersTo(linesOf([violation(), violation(), violation()]), theirs);
    const metas = (await running.database.log.read(before, 100)).map(({ meta }) => meta);
    expect(metas).toHaveLength(6); // a report and its incident each
    expect(new Set(metas.map(({ correlation }) => correlation)).size).toBe(3);
    expect(new Set(metas.map(({ traceparent }) => traceIdOf(traceparent ?? ''))).size).toBe(3);
    expect(JSON.stringify(metas)).not.toMatch(/phone-7|4bf92f3577b34da6/);
  });

  it('is answered line by line, in order, and a bad line does not affect the others', async () => {
    const [first, repeated, last] = [violation(), violation(), violation({ incident: null })];
    await running.post('/v1/reports', repeated, MONITOR);
    const body = [
      JSON.stringify(first),
      '',
      '{ "id": ',
      JSON.stringify(repeated),
      JSON.stringify({ ...violation(), severty: 'grave' }),
      JSON.stringify({ ...first, severity: 'minor' }),
      JSON.stringify(violation({ accused: ['nobody'] })),
      JSON.stringify(violation({ narrative: 'x'.repeat(LINE_MAX) })),
      '[]',
      '   ',
      JSON.stringify(last),
    ].join('\n');
    const answers = await answersTo(body);
    expect(answers.map(({ line, status, problem }) => [line, status, problem?.code])).toEqual([
      [1, 'accepted', undefined],
      [2, 'malformed', 'empty-line'],
      [3, 'malformed', 'bad-json'],
      [4, 'duplicate', undefined],
      [5, 'malformed', 'malformed'],
      [6, 'refused', 'id-reused'],
      [7, 'refused', 'unknown-name'],
      [8, 'malformed', 'too-large'],
      [9, 'malformed', 'malformed'],
      [10, 'malformed', 'empty-line'],
      [11, 'accepted', undefined],
    ]);
    expect(answers[0]).toEqual({
      line: 1,
      id: first.id,
      incident: newIncidentId(first.id),
      status: 'accepted',
      position: expect.any(Number),
    });
    expect(answers[4]?.problem?.detail).toContain('did you mean `severity`?');
    expect(answers.at(-1)?.id).toBe(last.id);
  });

  it('can be sent again: nothing is added, and each line is a duplicate', async () => {
    const body = linesOf(Array.from({ length: 1_000 }, () => violation()));
    const first = await answersTo(body);
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set(['accepted']));
    const before = await head();
    const again = await answersTo(`${body}\n`);
    expect(again).toEqual(first.map((answer) => ({ ...answer, status: 'duplicate' })));
    expect(await head()).toBe(before);
  });

  it('stores a report once that it contains many times', async () => {
    const before = await head();
    const report = violation();
    const answers = await answersTo(linesOf(Array.from({ length: 200 }, () => report)));
    expect(answers.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'duplicate')).toHaveLength(199);
    expect(await head()).toBe(before + 2);
  });

  it('may be gzip', async () => {
    const reports = Array.from({ length: 20 }, () => violation());
    const answers = await answersTo(gzipSync(linesOf(reports)), { 'content-encoding': 'gzip' });
    expect(answers.map(({ id }) => id)).toEqual(reports.map(({ id }) => id));
  });

  it('may be empty', async () => {
    expect(await answersTo('')).toEqual([]);
    expect(await answersTo('\n')).toMatchObject([
      { line: 1, id: null, status: 'malformed', problem: { code: 'empty-line' } },
    ]);
  });

  it('is refused completely, with nothing in the log, if it is a gzip bomb or not gzip', async () => {
    const before = await head();
    const bomb = await send(gzipSync(Buffer.alloc(TOTAL_MAX * 2, 0x20)), { 'content-encoding': 'gzip' });
    const noGzip = await send('{}\n', { 'content-encoding': 'gzip' });
    expect([bomb.status, noGzip.status]).toEqual([413, 400]);
    expect(bomb.headers.get('content-type')).toContain('application/problem+json');
    expect(await head()).toBe(before);
  });

  it('needs a token with the right role', async () => {
    const analyst = await running.token({ handle: 'a', roles: ['analyst'] });
    const answer = await send(linesOf([violation()]), { authorization: `Bearer ${analyst}` });
    expect(answer.status).toBe(403);
  });

  it('is answered while it is still being sent', async () => {
    const { request, response } = await open();
    const [one, other] = [violation(), violation()];
    request.write(`${JSON.stringify(one)}\n`);
    const pieces = (await response)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    expect(parsed(String((await pieces.next()).value))).toMatchObject([{ line: 1, id: one.id }]);
    request.end(JSON.stringify(other));
    expect(parsed(String((await pieces.next()).value))).toMatchObject([{ line: 2, id: other.id }]);
    expect((await pieces.next()).done).toBe(true);
  });

  it('that is cut off keeps its complete lines, and the next request is served', async () => {
    const { request, response } = await open();
    const [whole, half] = [violation(), violation()];
    request.write(`${JSON.stringify(whole)}\n${JSON.stringify(half).slice(0, 60)}`);
    (await response).resume().once('error', () => undefined);
    request.destroy();
    await eventually(async () => {
      expect(await running.database.log.readStream(`report-${whole.id}`)).toHaveLength(1);
    });
    expect((await running.post('/v1/reports', half, MONITOR)).status).toBe(201);
  });
});
