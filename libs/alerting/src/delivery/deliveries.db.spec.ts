import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Clock, newTraceContext, traceIdOf } from '#platform';
import { rebuild } from '#projection';
import { appendStatusChange, defineRegions, startAlerting, type Alerting } from '../../../../test/support/alerting.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { WebhookReceiver, type Received } from '../../../../test/support/webhook-receiver.js';
import { AlertsProjection } from '../alert/alerts-projection.js';

const TOKEN = 'ali:subscriber';
const OUTAGE_TIMEOUT_MS = 30_000;
let database: TestDatabase;
let running: Alerting[] = [];
let receivers: WebhookReceiver[] = [];

class SetClock extends Clock {
  constructor(private instant: string) {
    super();
  }
  override now(): string {
    return this.instant;
  }
  set(instant: string): void {
    this.instant = instant;
  }
}

beforeAll(async () => {
  database = await openTestDatabase();
  await defineRegions(database);
});
beforeEach(() => {
  running = [];
  receivers = [];
});
afterEach(async () => {
  await Promise.all(running.map((alerting) => alerting.stop()));
  await Promise.all(receivers.map((receiver) => receiver.down()));
  await database.databases.analysis`delete from subscription`;
});
afterAll(() => database.drop());

async function start(clock?: Clock): Promise<Alerting> {
  const alerting = await startAlerting(database, clock === undefined ? {} : { clock });
  running.push(alerting);
  return alerting;
}

async function stop(alerting: Alerting): Promise<void> {
  running = running.filter((each) => each !== alerting);
  await alerting.stop();
}

async function receiver(): Promise<WebhookReceiver> {
  const made = await new WebhookReceiver().up();
  receivers.push(made);
  return made;
}

type Subscribed = { readonly id: string; readonly secret: string };

async function subscribe(alerting: Alerting, url: string, filter: object = {}): Promise<Subscribed> {
  const { status, body } = await alerting.call(TOKEN, 'POST', '/v1/subscriptions', { id: randomUUID(), url, filter });
  expect(status).toBe(201);
  return body as Subscribed;
}

async function isState(alerting: Alerting, id: string, state: object): Promise<void> {
  await eventually(async () => {
    expect((await alerting.call(TOKEN, 'GET', `/v1/subscriptions/${id}`)).body).toMatchObject(state);
  });
}

type Delivered = { readonly id: string; readonly type: string; readonly data: { readonly position: number } };

/** Verifies the signature as a receiver does; throws where it is wrong. */
function delivered({ headers, body }: Received, secret: string): Delivered {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as Delivered;
}

async function hasReceived(to: WebhookReceiver, secret: string, positions: readonly number[], timeoutMs?: number) {
  await eventually(() => {
    expect(to.posts.map((call) => delivered(call, secret).data.position)).toEqual(positions);
  }, timeoutMs);
}

async function announce(count: number, region = 'SY03'): Promise<readonly number[]> {
  const positions = [];
  for (let n = 0; n < count; n += 1) positions.push(await appendStatusChange(database, region, 'holding', 'violated'));
  return positions;
}

describe('deliveries', () => {
  it('send the trace context of the event, each call as a span of its own', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    const { secret } = await subscribe(alerting, hook.url);
    const traceContext = newTraceContext();
    hook.answer = () => ({ status: hook.posts.length === 1 ? 500 : 204, headers: { 'retry-after': '0' } });
    const position = await appendStatusChange(database, 'SY03', 'holding', 'violated', traceContext);
    await hasReceived(hook, secret, [position, position], OUTAGE_TIMEOUT_MS);
    const events = hook.posts.map((post) => delivered(post, secret) as Delivered & Record<string, unknown>);
    for (const event of events)
      expect(event).toMatchObject({ traceparent: traceContext.traceparent, correlationid: traceContext.correlation });
    const steps = hook.posts.map(({ headers }) => String(headers['traceparent']));
    expect(steps.map(traceIdOf)).toEqual([traceIdOf(traceContext.traceparent), traceIdOf(traceContext.traceparent)]);
    expect(new Set([...steps, traceContext.traceparent]).size).toBe(3);
    const alert = (await alerting.call(TOKEN, 'GET', `/v1/alerts/${events[0]?.id ?? ''}`)).body;
    expect(JSON.stringify([alert, events[0]?.data])).not.toMatch(new RegExp(traceIdOf(traceContext.traceparent)));
  });

  it('send an alert as a signed CloudEvent, after the receiver accepted the handshake', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    const { id, secret } = await subscribe(alerting, hook.url);
    await isState(alerting, id, { state: 'active', handshake: { attempts: 1, lastError: null } });
    const [position = 0] = await announce(1);
    await hasReceived(hook, secret, [position]);
    const [asked, post] = hook.received as [Received, Received];
    expect(asked).toMatchObject({ method: 'OPTIONS', headers: { 'webhook-request-origin': 'barada.example.org' } });
    expect(post.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const event = delivered(post, secret);
    const alert = (await alerting.call(TOKEN, 'GET', `/v1/alerts/${event.id}`)).body;
    expect(post.headers['webhook-id']).toBe(event.id);
    expect(event).toEqual({
      specversion: '1.0',
      id: alert['id'],
      source: 'https://barada.example.org/v1/alerts',
      type: 'barada.alert.status_changed.v1',
      subject: 'SY03',
      time: alert['recordedAt'],
      datacontenttype: 'application/json',
      data: alert,
    });
    await isState(alerting, id, { deliveries: { waiting: 0, oldest: null } });
  });

  it('reach a receiver that was down for a while, once each and in order', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    const { id, secret } = await subscribe(alerting, hook.url);
    const before = await announce(1);
    await hasReceived(hook, secret, before);
    await hook.down();
    const during = await announce(3);
    await isState(alerting, id, { deliveries: { waiting: 3 }, failingSince: expect.any(String) });
    await eventually(async () => {
      const { body } = await alerting.call(TOKEN, 'GET', `/v1/subscriptions/${id}/deliveries?state=waiting`);
      const first = (body['items'] as { attempts: number; lastError: string }[]).at(-1);
      expect(first).toMatchObject({ lastError: 'the connection was refused' });
      expect(first?.attempts).toBeGreaterThan(1);
    });
    await hook.up();
    const after = await announce(2);
    await hasReceived(hook, secret, [...before, ...during, ...after], OUTAGE_TIMEOUT_MS);
    await isState(alerting, id, { deliveries: { waiting: 0 }, failingSince: null });
  });

  it('send no later alert while an earlier one is refused', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    let refusals = 2;
    hook.answer = () => ({ status: refusals-- > 0 ? 500 : 200 });
    const { id, secret } = await subscribe(alerting, hook.url);
    const [first = 0, second = 0] = await announce(2);
    await hasReceived(hook, secret, [first, first, first, second]);
    expect(new Set(hook.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    await eventually(async () => {
      const { body } = await alerting.call(TOKEN, 'GET', `/v1/subscriptions/${id}/deliveries`);
      expect(body['items']).toMatchObject([
        { position: second, state: 'delivered', attempts: 1, lastStatus: 200 },
        { position: first, state: 'delivered', attempts: 3, lastStatus: 200, lastError: null },
      ]);
    });
  });

  it('keep their retry schedule after a restart', async () => {
    const clock = new SetClock('2017-01-15T10:00:00.000Z');
    const [alerting, hook] = [await start(clock), await receiver()];
    hook.answer = () => ({ status: 503, headers: { 'retry-after': '3600' } });
    const { id } = await subscribe(alerting, hook.url);
    await announce(1);
    const scheduled = { state: 'waiting', attempts: 1, nextAttempt: '2017-01-15T11:00:00.000Z', lastStatus: 503 };
    await eventually(async () => {
      const { body } = await alerting.call(TOKEN, 'GET', `/v1/subscriptions/${id}/deliveries`);
      expect(body['items']).toMatchObject([scheduled]);
    });
    await stop(alerting);

    clock.set('2017-01-15T10:59:59.000Z');
    const again = await start(clock);
    // The delivery to another receiver shows that the worker has run and skipped the first one.
    const other = await receiver();
    await subscribe(again, other.url);
    await announce(1);
    await eventually(() => {
      expect(other.posts).toHaveLength(1);
    });
    expect(hook.posts).toHaveLength(1);

    hook.answer = () => ({ status: 204 });
    clock.set('2017-01-15T11:00:00.000Z');
    await eventually(() => {
      expect(hook.posts).toHaveLength(3);
    });
    const ids = hook.posts.map(({ headers }) => headers['webhook-id']);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('are not repeated when the alerts are rebuilt', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    const { secret } = await subscribe(alerting, hook.url);
    const before = await announce(2);
    await hasReceived(hook, secret, before);
    await stop(alerting);
    await rebuild(new AlertsProjection(30), { log: database.log, sql: database.databases.analysis });
    await start();
    const after = await announce(1);
    await hasReceived(hook, secret, [...before, ...after]);
  });

  it('are shared by two workers without duplicates', async () => {
    const alerters = [await start(), await start()] as const;
    const hooks = await Promise.all(Array.from({ length: 4 }, () => receiver()));
    const subscribed = [];
    for (const hook of hooks) subscribed.push(await subscribe(alerters[0], hook.url));
    const positions = await announce(30);
    for (const [index, hook] of hooks.entries()) await hasReceived(hook, subscribed[index]?.secret ?? '', positions);
    for (const { id } of subscribed) await isState(alerters[1], id, { deliveries: { waiting: 0 } });
  });

  it('continue after another worker died while it held the lease', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    const { id, secret } = await subscribe(alerting, hook.url);
    await isState(alerting, id, { state: 'active' });
    await database.databases.analysis`
      update subscription set lease = ${randomUUID()}, leased_until = now() + interval '2 seconds' where id = ${id}`;
    const positions = await announce(1);
    await hasReceived(hook, secret, positions);
  });

  it('wait for a receiver that refuses the handshake, and show the reason', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    hook.allowedOrigin = null;
    const { id, secret } = await subscribe(alerting, hook.url);
    const positions = await announce(1);
    const lastError = 'the answer to OPTIONS has no WebHook-Allowed-Origin';
    await isState(alerting, id, { state: 'pending', handshake: { lastError }, deliveries: { waiting: 1 } });
    hook.allowedOrigin = 'someone.example.org';
    await isState(alerting, id, {
      handshake: { lastError: 'WebHook-Allowed-Origin does not name barada.example.org' },
    });
    expect(hook.posts).toEqual([]);
    hook.allowedOrigin = 'barada.example.org';
    await hasReceived(hook, secret, positions);
  });

  it('are paused by a 410 until they are resumed, and none is lost', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    hook.answer = () => ({ status: 410 });
    const { id, secret } = await subscribe(alerting, hook.url);
    const positions = await announce(2);
    await isState(alerting, id, { state: 'paused', pausedBecause: 'gone', deliveries: { waiting: 2 } });
    hook.answer = () => ({ status: 204 });
    await alerting.call(TOKEN, 'PATCH', `/v1/subscriptions/${id}`, { paused: false });
    await hasReceived(hook, secret, [positions[0] ?? 0, ...positions]);
    expect(hook.received.filter(({ method }) => method === 'OPTIONS')).toHaveLength(2);
  });

  it('do not follow a redirect', async () => {
    const [alerting, hook, inside] = [await start(), await receiver(), await receiver()];
    hook.answer = () => ({ status: 307, headers: { location: inside.url } });
    const { id } = await subscribe(alerting, hook.url);
    await announce(1);
    await isState(alerting, id, { deliveries: { waiting: 1 }, failingSince: expect.any(String) });
    expect(inside.received).toEqual([]);
  });

  it('are signed with the old and the new secret for a day, and then only with the new one', async () => {
    const clock = new SetClock(new Date().toISOString());
    const [alerting, hook] = [await start(clock), await receiver()];
    const { id, secret: old } = await subscribe(alerting, hook.url);
    const { body } = await alerting.call(TOKEN, 'POST', `/v1/subscriptions/${id}/rotate-secret`);
    const fresh = body['secret'] as string;
    const positions = await announce(1);
    await hasReceived(hook, old, positions);
    await hasReceived(hook, fresh, positions);
    // The package compares the timestamp with the real clock, so the signature is checked here.
    clock.set(new Date(Date.now() + 25 * 3_600_000).toISOString());
    await announce(1);
    await eventually(() => {
      expect(hook.posts).toHaveLength(2);
    });
    const [, post] = hook.posts;
    const sentAt = new Date(Number(post?.headers['webhook-timestamp']) * 1_000);
    const expected = new Webhook(fresh).sign(String(post?.headers['webhook-id']), sentAt, post?.body ?? '');
    expect(post?.headers['webhook-signature']).toBe(expected);
  });

  it('start with the first alert after the subscription, and are repeated by a replay', async () => {
    const [earlier = 0] = await announce(1);
    const [alerting, hook] = [await start(), await receiver()];
    const { id, secret } = await subscribe(alerting, hook.url);
    const [later = 0] = await announce(1);
    await hasReceived(hook, secret, [later]);
    const answer = await alerting.call(TOKEN, 'POST', `/v1/subscriptions/${id}/replay`, { from: earlier });
    expect(answer).toMatchObject({ status: 200, body: { id, position: earlier - 1 } });
    await hasReceived(hook, secret, [later, earlier, later]);
    expect(hook.posts[2]?.headers['webhook-id']).toBe(hook.posts[0]?.headers['webhook-id']);
  });

  it('follow the filter: regions with those inside them, and changes down from the minimum status', async () => {
    const [alerting, hook] = [await start(), await receiver()];
    const { secret } = await subscribe(alerting, hook.url, { regions: ['SY03'], minStatus: 'violated' });
    await appendStatusChange(database, 'SY02', 'holding', 'violated');
    await appendStatusChange(database, 'SY0307', 'holding', 'strained');
    const up = await appendStatusChange(database, 'SY0307', 'strained', 'violated');
    const down = await appendStatusChange(database, 'SY0307', 'violated', 'holding');
    await hasReceived(hook, secret, [up, down]);
  });
});
