// A report and everything that follows from it share one trace, and the caller's own ids do not leave the system.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createDatabase, dropDatabase, openDatabases, type Databases } from '#database';
import { PostgresEventLog, type StoredEvent } from '#event-log';
import { traceIdOf } from '#platform';
import { eventually } from '../support/eventually.js';
import { newFolder } from '../support/folder.js';
import type { TestUser } from '../support/running-app.js';
import { testServer } from '../support/server.js';
import { startStandalone, type StandaloneProcess } from '../support/standalone.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const MONITOR: TestUser = { handle: 'abu-khalil', organisation: 'valley-media', roles: ['monitor'] };
const SUBSCRIBER: TestUser = { handle: 'un-office', roles: ['subscriber'] };
const AN_HOUR_MS = 3_600_000;
const NARRATIVE = 'A hall that sheltered displaced people was hit.';

const THEIR_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const THEIR_REQUEST = 'phone-7';
const THEIRS = { traceparent: `00-${THEIR_TRACE}-00f067aa0ba902b7-01`, 'x-request-id': THEIR_REQUEST };

type Line = Readonly<Record<string, unknown>>;
type CloudEvent = { readonly type: string; readonly traceparent: string; readonly correlationid: string };

function grave(): object {
  return {
    ...{ id: randomUUID(), type: 'violation', kind: 'indirect_fire', severity: 'grave', means: 'seen' },
    occurred: { from: new Date(Date.now() - AN_HOUR_MS).toISOString(), precision: 'minute' },
    place: { region: 'SY030702' },
    accused: ['saa'],
    narrative: NARRATIVE,
  };
}

describe.each([
  ['starts at the API', false],
  ["is the caller's where it is trusted", true],
])('A trace that %s', (_, isTrusted) => {
  const name = `barada_test_${randomBytes(6).toString('hex')}`;
  let [server, folder, secret] = ['', '', ''];
  let databases: Databases;
  let system: StandaloneProcess;
  let hook: WebhookReceiver;
  let events: readonly StoredEvent[];
  let trace: string;

  beforeAll(async () => {
    server = await testServer();
    folder = await newFolder('traces');
    const url = await createDatabase(server, name);
    const settings = { DATABASE_URL: url, LOG_LEVEL: 'debug', WEBHOOK_ALLOW: '127.0.0.1' };
    system = await startStandalone(folder, { ...settings, TRUST_TRACEPARENT: String(isTrusted) });
    databases = openDatabases(url);
    hook = await new WebhookReceiver().up();
  }, 240_000);
  afterAll(async () => {
    await system.stop();
    await hook.down();
    await databases.close();
    await dropDatabase(server, name);
    await rm(folder, { recursive: true });
  });

  /** The events of this report and of the announcements that follow from it. */
  async function eventsBehind(position: number): Promise<readonly StoredEvent[]> {
    const found = await new PostgresEventLog(databases).read(position, 1_000);
    expect(found.map(({ type }) => type)).toContain('StatusChanged');
    return found;
  }

  function lines(): readonly Line[] {
    const printed = system
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    return printed.map((line) => JSON.parse(line) as Line);
  }

  function delivered(): readonly CloudEvent[] {
    return hook.posts.map(({ body }) => JSON.parse(body) as CloudEvent);
  }

  it('is stored with the events of a report and with the announcements that follow from it', async () => {
    const filter = { regions: ['SY030702'] };
    const made = await system.client.post('/v1/subscriptions', { id: randomUUID(), url: hook.url, filter }, SUBSCRIBER);
    secret = String(made.body['secret']);
    const before = (await new PostgresEventLog(databases).head()).position;
    expect((await system.client.postWithHeaders(THEIRS, '/v1/reports', grave(), MONITOR)).status).toBe(201);
    events = await eventually(() => eventsBehind(before));
    const traces = new Set(events.map(({ meta }) => traceIdOf(meta.traceparent ?? '')));
    expect([...traces]).toEqual([expect.stringMatching(/^[\da-f]{32}$/)]);
    [trace = ''] = traces;
    expect(new Set(events.map(({ meta }) => meta.correlation)).size).toBe(1);
  });

  it('is sent to the webhook with each alert and each call', async () => {
    await eventually(() => {
      const types = delivered().map(({ type }) => type);
      expect(types).toEqual(
        expect.arrayContaining(['barada.alert.grave_incident.v1', 'barada.alert.status_changed.v1']),
      );
    });
    const [{ meta }] = events as [StoredEvent];
    for (const event of delivered())
      expect(event).toMatchObject({ traceparent: meta.traceparent, correlationid: meta.correlation });
    for (const { headers } of hook.posts) expect(traceIdOf(String(headers['traceparent']))).toBe(trace);
  });

  it('is in the log lines from the request to the webhook call', async () => {
    const contexts = ['http', 'StatusWatch', 'delivery-sender'];
    const { correlation } = (events as [StoredEvent])[0].meta;
    await eventually(() => {
      for (const context of contexts)
        expect(lines()).toContainEqual(expect.objectContaining({ context, trace, correlation }));
    });
    const own = isTrusted ? {} : { parent: THEIR_TRACE };
    const [request] = lines().filter((line) => line['context'] === 'http' && line['trace'] === trace);
    expect(request).toMatchObject({ request: THEIR_REQUEST, ...own });
    expect(trace === THEIR_TRACE).toBe(isTrusted);
  });

  it("keeps the caller's own ids in the log lines of the request", () => {
    const theirs = isTrusted ? [THEIR_REQUEST] : [THEIR_REQUEST, THEIR_TRACE];
    const mentions = (text: string): boolean => theirs.some((id) => text.includes(id));
    const outside = JSON.stringify([events.map(({ meta, data }) => [meta, data]), hook.received]);
    expect(mentions(outside)).toBe(false);
    const mentioning = lines().filter((line) => mentions(JSON.stringify(line)));
    expect(new Set(mentioning.map(({ request }) => request))).toEqual(new Set([THEIR_REQUEST]));
  });

  it('has no log line with the reporter, the narrative or the secret', () => {
    expect(secret).toMatch(/^whsec_/);
    for (const word of [MONITOR.handle, NARRATIVE, secret]) expect(system.output()).not.toContain(word);
  });

  it('is counted in the metrics', async () => {
    const { head } = await eventually(async () => {
      const text = await (await fetch(`${system.client.url}/metrics`)).text();
      const metrics = new Map(
        text.split('\n').flatMap((line) => {
          const [, figure, value] = /^(barada_\S+) (\S+)$/.exec(line) ?? [];
          return figure === undefined ? [] : [[figure, Number(value)] as const];
        }),
      );
      const head = metrics.get('barada_log_head');
      expect(Object.fromEntries(metrics)).toMatchObject({
        'barada_follower_position{follower="facts"}': head,
        'barada_follower_position{follower="alerts"}': head,
        'barada_follower_lag{follower="alerts"}': 0,
        'barada_follower_parked_keys{follower="facts"}': 0,
        'barada_partition_position{follower="facts",partition="0"}': head,
        'barada_partition_lag{follower="facts",partition="0"}': 0,
        barada_append_queue_commands: 0,
        barada_append_queue_age_seconds: 0,
        'barada_deliveries_total{outcome="delivered"}': hook.posts.length,
        'barada_deliveries_total{outcome="refused"}': 0,
        'barada_deliveries_total{outcome="unreached"}': 0,
        barada_deliveries_waiting: 0,
        barada_delivery_age_seconds: 0,
        barada_subscriptions_paused: 0,
        barada_alert_stream_clients: 0,
        'barada_http_request_seconds_count{method="POST",route="/v1/reports",status="201"}': 1,
      });
      return { head };
    });
    expect(head).toBe((await new PostgresEventLog(databases).head()).position);
  });
});
