import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  appendStatusChange,
  defineRegions,
  startAlerting,
  type Alerting,
  type HttpResponse,
} from '../../../../test/support/alerting.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { WebhookReceiver } from '../../../../test/support/webhook-receiver.js';

const [ALI, SARA, OPERATOR] = ['ali:subscriber', 'sara:subscriber', 'omar:operator'] as const;
let database: TestDatabase;
let alerting: Alerting;
let hook: WebhookReceiver;

beforeAll(async () => {
  database = await openTestDatabase();
  await defineRegions(database);
  alerting = await startAlerting(database);
  hook = await new WebhookReceiver().up();
});
afterEach(async () => {
  hook.answer = () => ({ status: 204 });
  hook.allowedOrigin = '*';
  await database.databases.analysis`delete from subscription`;
});
afterAll(async () => {
  await alerting.stop();
  await hook.down();
  await database.drop();
});

function asked(change: object = {}): { readonly id: string } {
  return { id: randomUUID(), ...{ url: hook.url, filter: {} }, ...change };
}

function create(body: object, token: string = ALI): Promise<HttpResponse> {
  return alerting.call(token, 'POST', '/v1/subscriptions', body);
}

function on(id: string, method: string, path = '', body?: object, token: string = ALI): Promise<HttpResponse> {
  return alerting.call(token, method, `/v1/subscriptions/${id}${path}`, body);
}

async function isActive(id: string): Promise<void> {
  await eventually(async () => {
    expect((await on(id, 'GET')).body).toMatchObject({ state: 'active' });
  });
}

describe('a subscription', () => {
  it('is created with a secret and with defaults', async () => {
    const body = asked();
    const answer = await create(body);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      id: body.id,
      url: hook.url,
      filter: { types: [], regions: [], lenses: ['strict'], minStatus: null },
      pausedBecause: null,
      position: (await database.log.head()).position,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
  });

  it('never shows its secret again, in no list and in no answer', async () => {
    const body = asked();
    const secret = (await create(body)).body['secret'] as string;
    await isActive(body.id);
    const answers = [
      await on(body.id, 'GET'),
      await on(body.id, 'PATCH', '', { paused: true }),
      await on(body.id, 'GET', '/deliveries'),
      await alerting.call(ALI, 'GET', '/v1/subscriptions'),
      await alerting.call(OPERATOR, 'GET', '/v1/subscriptions'),
      await on(body.id, 'DELETE'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(JSON.stringify(answers.map((answer) => answer.body))).not.toContain(secret.slice('whsec_'.length));
  });

  it('answers a repeated request with the subscription, without its secret', async () => {
    const body = asked();
    await create(body);
    const again = await create(body);
    expect([again.status, again.body['id']]).toEqual([200, body.id]);
    expect(again.body).toEqual((await on(body.id, 'GET')).body);
    expect(again.body).not.toHaveProperty('secret');
  });

  it('is refused where its id belongs to a different subscription', async () => {
    const body = asked();
    await create(body);
    expect(await create({ ...body, filter: { minStatus: 'violated' } })).toMatchObject({
      status: 409,
      body: { code: 'id-reused' },
    });
    expect(await create(body, SARA)).toMatchObject({ status: 409 });
  });

  it('is created once by concurrent identical requests', async () => {
    const body = asked();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(answers.filter(({ body: answered }) => 'secret' in answered)).toHaveLength(1);
  });

  it.each([
    ['an unknown member', { colour: 'red' }, 400],
    ['no URL', { url: 'example' }, 400],
    ['another scheme', { url: 'ftp://example.org/' }, 400],
    ['credentials', { url: 'https://ali:word@example.org/' }, 400],
    ['a private address', { url: 'https://10.0.0.1/' }, 400],
    ['metadata', { url: 'https://169.254.169.254/' }, 400],
    ['http to a public address', { url: 'http://93.184.216.34/' }, 400],
    ['an unknown host', { url: 'https://no-such-host.invalid/' }, 400],
    ['an unknown type', { filter: { types: ['weather'] } }, 400],
    ['an unknown region', { filter: { regions: ['SY99'] } }, 422],
  ])('is refused with %s', async (_, change, status) => {
    const answer = await create(asked(change));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('is visible to its owner and to operators', async () => {
    const body = asked();
    await create(body);
    const status = async (token: string, method: string, path = '', sent?: object): Promise<number> =>
      (await on(body.id, method, path, sent, token)).status;
    expect(await status(SARA, 'GET')).toBe(404);
    expect(await status(SARA, 'PATCH', '', { paused: true })).toBe(404);
    expect(await status(SARA, 'DELETE')).toBe(404);
    expect(await status(SARA, 'POST', '/rotate-secret')).toBe(404);
    expect(await status(SARA, 'GET', '/deliveries')).toBe(404);
    expect(await status('mona:monitor', 'GET')).toBe(403);
    expect(await status(OPERATOR, 'GET')).toBe(200);
    const listed = async (token: string): Promise<unknown> =>
      (await alerting.call(token, 'GET', '/v1/subscriptions')).body['items'];
    expect(await listed(SARA)).toEqual([]);
    expect(await listed(OPERATOR)).toMatchObject([{ id: body.id }]);
  });

  it('is listed in pages', async () => {
    const made = [];
    for (let n = 0; n < 5; n += 1) made.push((await create(asked())).body['id']);
    const seen: unknown[] = [];
    for (let path: string | null = '/v1/subscriptions?limit=2'; path !== null;) {
      const { body }: HttpResponse = await alerting.call(ALI, 'GET', path);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      const next = body['next'] as string | null;
      path =
        next && `/v1/subscriptions?limit=2&cursor=${new URL(next, alerting.url).searchParams.get('cursor') ?? next}`;
    }
    expect(seen).toEqual(made);
  });

  it('refuses a cursor that was changed', async () => {
    const cursorOf = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { id } = (await create(asked())).body;
    for (const path of [
      `?cursor=${cursorOf({ createdAt: 'soon', id: randomUUID() })}`,
      `?cursor=${cursorOf({ createdAt: '2017-01-15T12:00:00Z', id: 'one' })}`,
      `/${String(id)}/deliveries?cursor=${cursorOf({ before: 'one' })}`,
    ])
      expect(await alerting.call(ALI, 'GET', `/v1/subscriptions${path}`)).toMatchObject({
        status: 400,
        body: { code: 'bad-cursor' },
      });
  });

  it('keeps its alerts waiting while it is paused', async () => {
    const body = asked();
    await create(body);
    await isActive(body.id);
    expect((await on(body.id, 'PATCH', '', { paused: true })).body).toMatchObject({
      state: 'paused',
      pausedBecause: 'asked',
    });
    const before = hook.posts.length;
    await appendStatusChange(database, 'SY03', 'holding', 'violated');
    await eventually(async () => {
      expect((await on(body.id, 'GET')).body).toMatchObject({ deliveries: { waiting: 1 } });
    });
    expect(hook.posts).toHaveLength(before);
    await on(body.id, 'PATCH', '', { paused: false });
    await eventually(() => {
      expect(hook.posts).toHaveLength(before + 1);
    });
  });

  it('needs a new handshake for a new URL', async () => {
    const body = asked();
    await create(body);
    await isActive(body.id);
    hook.allowedOrigin = null;
    const moved = await on(body.id, 'PATCH', '', { url: `${hook.url}/other` });
    expect(moved.body).toMatchObject({ state: 'pending', handshake: { confirmedAt: null } });
    await eventually(() => {
      expect(hook.received.at(-1)).toMatchObject({ method: 'OPTIONS', path: '/hook/other' });
    });
  });

  it('is changed only in the version that If-Match names', async () => {
    const body = asked();
    await create(body);
    const read = await on(body.id, 'GET');
    const etag = read.headers.get('etag') ?? '';
    const patch = (ifMatch: string) =>
      alerting.call(ALI, 'PATCH', `/v1/subscriptions/${body.id}`, { paused: true }, { 'if-match': ifMatch });
    expect((await patch(etag)).status).toBe(200);
    expect((await patch(etag)).status).toBe(412);
    expect((await patch('*')).status).toBe(200);
    expect((await on(body.id, 'PATCH', '', {})).status).toBe(400);
  });

  it('is tested by a message of its own type', async () => {
    const body = asked();
    await create(body);
    const { body: outcome } = await on(body.id, 'POST', '/test');
    expect(outcome).toMatchObject({ delivered: true });
    expect(JSON.parse(hook.posts.at(-1)?.body ?? '')).toMatchObject({
      id: outcome['id'],
      type: 'barada.alert.test.v1',
      subject: body.id,
    });
    hook.answer = () => ({ status: 500 });
    expect((await on(body.id, 'POST', '/test')).body).toMatchObject({ delivered: false, status: 500 });
  });

  it('gets no test message where the receiver refuses the handshake', async () => {
    hook.allowedOrigin = 'someone.example.org';
    const body = asked();
    await create(body);
    const before = hook.posts.length;
    expect((await on(body.id, 'POST', '/test')).body).toMatchObject({
      delivered: false,
      error: 'WebHook-Allowed-Origin does not name barada.example.org',
    });
    expect(hook.posts).toHaveLength(before);
  });

  it('has at most five valid secrets', async () => {
    const body = asked();
    await create(body);
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await on(body.id, 'POST', '/rotate-secret')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 409]);
  });

  it('does not exist after it is deleted', async () => {
    const body = asked();
    await create(body);
    expect((await on(body.id, 'DELETE')).status).toBe(200);
    expect((await on(body.id, 'GET')).status).toBe(404);
    expect((await on(body.id, 'DELETE')).status).toBe(404);
    expect((await create(body)).status).toBe(201);
  });
});
