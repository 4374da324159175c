import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runApp, type ApiResponse, type RunningApp, type TestUser } from '../../../../test/support/running-app.js';
import { JudgementModule } from '../judgement.module.js';

const OPERATOR: TestUser = { handle: 'operator-1', roles: ['operator'] };
const MONITOR: TestUser = { handle: 'abu-khalil', roles: ['monitor'] };

const nusra = { code: 'jan', name: { en: 'Nusra Front', ar: 'جبهة النُّصرة' }, aliases: ['JaN'], bound: false };
const affiliation = { id: '01941b7e-8a00-7000-8000-0000000000c1', to: 'hts', from: '2017-01-28' };

let running: RunningApp;
beforeAll(async () => {
  running = await runApp([JudgementModule]);
  await running.post('/v1/actors', nusra, OPERATOR);
});
afterAll(() => running.close());

function codesOf({ body }: ApiResponse): readonly string[] {
  return (body['items'] as { readonly code: string }[]).map(({ code }) => code);
}

describe('/v1/actors', () => {
  it('registers an actor once', async () => {
    const actor = { ...nusra, code: 'jaysh_x', guarantors: ['TR'] };
    const first = await running.post('/v1/actors', actor, OPERATOR);
    expect([first.status, first.etag, first.body['code']]).toEqual([201, '"1"', 'jaysh_x']);
    const again = await running.post('/v1/actors', actor, OPERATOR);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await running.post('/v1/actors', { ...actor, bound: true }, OPERATOR);
    expect([other.status, other.body['code']]).toEqual([409, 'id-reused']);
  });

  it.each([
    ['a role other than operator', nusra, MONITOR, 403],
    ['the code of a guarantor', { ...nusra, code: 'TR' }, OPERATOR, 400],
    ['an unknown guarantor', { ...nusra, guarantors: ['US'] }, OPERATOR, 400],
  ])('refuses %s', async (_, actor, user, status) => {
    expect((await running.post('/v1/actors', actor, user)).status).toBe(status);
  });

  it.each([
    ['a code', 'JAN', 'jan'],
    ['an alias of the profile, in Arabic, without its marks', 'نصره', 'jan'],
    ['a name, in small letters', 'nusra front', 'jan'],
    ['an Arabic name, with tatweel and marks', 'جبهـــة النُّصرة', 'jan'],
  ])('is searched by %s', async (_, q, code) => {
    expect(codesOf(await running.get(`/v1/actors?q=${encodeURIComponent(q)}`, MONITOR))).toContain(code);
  });

  it('has none for what no name contains', async () => {
    expect(codesOf(await running.get('/v1/actors?q=zzzz', MONITOR))).toEqual([]);
  });

  it('pages through all actors', async () => {
    const all = codesOf(await running.get('/v1/actors', MONITOR));
    const first = await running.get('/v1/actors?limit=5', MONITOR);
    const second = await running.get(String(first.body['next']).replace(/^.*?\/v1/, '/v1'), MONITOR);
    expect([...codesOf(first), ...codesOf(second)]).toEqual(all.slice(0, 10));
  });

  it('shows the affiliations that an actor had at an instant', async () => {
    const first = await running.post('/v1/actors/jan/affiliations', affiliation, OPERATOR);
    expect([first.status, first.etag]).toEqual([201, '"2"']);
    expect((await running.post('/v1/actors/jan/affiliations', affiliation, OPERATOR)).status).toBe(200);
    const now = await running.get('/v1/actors/jan', MONITOR);
    expect(now.body['affiliations']).toEqual([
      { id: affiliation.id, to: 'hts', from: '2017-01-27T22:00:00Z', until: null, disputedBy: [] },
    ]);
    const before = await running.get('/v1/actors/jan?at=2017-01-27T21:59:59Z', MONITOR);
    expect(before.body['affiliations']).toEqual([]);
    const unaffiliated = await running.get('/v1/actors/jan?knownAtPosition=376', MONITOR);
    expect(unaffiliated.body['affiliations']).toEqual([]);
  });

  it('adds aliases, each once', async () => {
    const aliases = { aliases: ['Nusrah', 'JaN'] };
    expect((await running.post('/v1/actors/jan/aliases', aliases, OPERATOR)).status).toBe(201);
    expect((await running.post('/v1/actors/jan/aliases', aliases, OPERATOR)).status).toBe(200);
    expect((await running.get('/v1/actors/jan', MONITOR)).body['aliases']).toEqual(['JaN', 'Nusrah']);
  });

  it('has 404 for an unknown actor and 422 for an unknown group', async () => {
    expect((await running.get('/v1/actors/nobody', MONITOR)).status).toBe(404);
    const unknown = await running.post('/v1/actors/jan/affiliations', { ...affiliation, to: 'ISIL' }, OPERATOR);
    expect([unknown.status, unknown.body['code']]).toEqual([422, 'unknown-name']);
    expect(unknown.body['detail']).toContain('did you mean isis');
  });
});
