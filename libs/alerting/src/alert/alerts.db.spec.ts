import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendStatusChange, defineRegions, startAlerting, type Alerting } from '../../../../test/support/alerting.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';

let database: TestDatabase;
let alerting: Alerting;
let positions: readonly number[];

beforeAll(async () => {
  database = await openTestDatabase();
  await defineRegions(database);
  alerting = await startAlerting(database);
  positions = [
    await appendStatusChange(database, 'SY03', 'holding', 'strained'),
    await appendStatusChange(database, 'SY0307', 'strained', 'violated'),
    await appendStatusChange(database, 'SY02', 'holding', 'violated'),
    await appendStatusChange(database, 'SY03', 'violated', 'holding'),
  ];
});
afterAll(async () => {
  await alerting.stop();
  await database.drop();
});

type Item = { readonly id: string; readonly position: number; readonly recordedAt: string };

async function list(query: string): Promise<{ readonly items: readonly Item[]; readonly next: string | null }> {
  const minPosition = String(positions.at(-1));
  const { status, body } = await alerting.call('ali:analyst', 'GET', `/v1/alerts?minPosition=${minPosition}&${query}`);
  expect(status).toBe(200);
  return body as { items: Item[]; next: string | null };
}

async function positionsOf(query: string): Promise<readonly number[]> {
  return (await list(query)).items.map(({ position }) => position);
}

describe('the list of alerts', () => {
  it('has the newest first', async () => {
    expect(await positionsOf('')).toEqual([...positions].reverse());
  });

  it('is filtered by region with those inside it, type, lens, status and time', async () => {
    const [first = 0, second = 0, third = 0, fourth = 0] = positions;
    expect(await positionsOf('region=SY03')).toEqual([fourth, second, first]);
    expect(await positionsOf('region=SY0307,SY02')).toEqual([third, second]);
    expect(await positionsOf('type=red_line_met')).toEqual([]);
    expect(await positionsOf('type=red_line_met,status_changed&minStatus=violated')).toEqual([fourth, third, second]);
    expect(await positionsOf('lens=RU')).toEqual([]);
    expect(await positionsOf('lens=')).toEqual([...positions].reverse());
    const { recordedAt = '' } = (await list('')).items[1] ?? {};
    expect(await positionsOf(`from=${recordedAt}`)).toEqual([fourth, third]);
    expect(await positionsOf(`to=${recordedAt}`)).toEqual([second, first]);
  });

  it('continues after the last page', async () => {
    const page = await list('limit=3');
    const cursor = new URL(page.next ?? '', alerting.url).searchParams.get('cursor') ?? page.next ?? '';
    const rest = await list(`limit=3&cursor=${cursor}`);
    expect([...page.items, ...rest.items].map(({ position }) => position)).toEqual([...positions].reverse());
    expect(rest.next).toBeNull();
  });

  it('links to each alert', async () => {
    const [item] = (await list('limit=1')).items;
    expect((await alerting.call('ali:officer', 'GET', `/v1/alerts/${item?.id ?? ''}`)).body).toEqual(item);
    expect(await alerting.call('ali:officer', 'GET', `/v1/alerts/${randomUUID()}`)).toMatchObject({ status: 404 });
    expect(await alerting.call('ali:officer', 'GET', '/v1/alerts/one')).toMatchObject({ status: 400 });
  });

  it('refuses unknown parameters and values', async () => {
    const status = async (query: string, token = 'ali:subscriber'): Promise<number> =>
      (await alerting.call(token, 'GET', `/v1/alerts?${query}`)).status;
    expect(await status('colour=red')).toBe(400);
    expect(await status('type=weather')).toBe(400);
    expect(await status('from=yesterday')).toBe(400);
    expect(await status('cursor=one')).toBe(400);
    expect(await status(`cursor=${Buffer.from('{"before":"1"}').toString('base64url')}`)).toBe(400);
    expect(await status('from=2017-01-02&to=2017-01-01')).toBe(400);
    expect(await status('region=SY99')).toBe(422);
    expect(await status('', 'ali:monitor')).toBe(403);
  });

  it('names near matches of an unknown region', async () => {
    const { body } = await alerting.call('ali:subscriber', 'GET', '/v1/alerts?region=SY037');
    expect(body).toMatchObject({ code: 'unknown-name', detail: expect.stringContaining('did you mean SY03?') });
  });
});
