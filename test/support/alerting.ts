// The alerting module in an app of its own on a real database, for specs that call it over HTTP and append to its log.
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AlertingModule } from '#alerting';
import type { DomainEvent, Status } from '#domain';
import { PostgresConfidentialReader, type StoredEvent } from '#event-log';
import {
  createApp,
  PlatformModule,
  Pseudonyms,
  ROLES,
  Settings,
  SystemClock,
  TokenVerifier,
  type Caller,
  type Clock,
  type TraceContext,
} from '#platform';
import { PostgresCheckpoints, ProjectionRunner } from '#projection';
import { RegistryModule } from '#registry';
import type { TestDatabase } from './database.js';

export type Alerting = {
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** `token`: a handle and roles, such as `ali:subscriber`. */
  call(
    token: string,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpResponse>;
  stop(): Promise<void>;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
};

export type AlertingOptions = {
  readonly allow?: string;
  readonly clock?: Clock;
  readonly url?: string;
};

export async function startAlerting(database: TestDatabase, options: AlertingOptions = {}): Promise<Alerting> {
  const { log, databases } = database;
  const clock = options.clock ?? new SystemClock();
  const settings = Settings.from({
    WEBHOOK_ALLOW: options.allow ?? '127.0.0.1',
    BARADA_URL: options.url ?? 'https://barada.example.org',
  });
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const platform = PlatformModule.with({
    ...{ settings, databases, log, checkpoints, clock },
    confidential: new PostgresConfidentialReader(databases),
    pseudonyms: new Pseudonyms(Buffer.alloc(32, 7)),
    tokens: new NamedTokens(),
    runner: (projections) => {
      const parts = { log, sql: databases.analysis, projections, checkpoints, now: () => clock.now() };
      return new ProjectionRunner({ ...parts, onFailure: (_, error) => process.stderr.write(`${String(error)}\n`) });
    },
  });
  @Module({ imports: [platform, RegistryModule, AlertingModule] })
  class AlertingApp {}
  const app = await createApp(AlertingApp, settings);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    url,
    app,
    call: (token, method, path, body, headers) => call(`${url}${path}`, token, method, { body, headers }),
    stop: () => app.close(),
  };
}

async function call(
  url: string,
  token: string,
  method: string,
  { body, headers }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> | undefined },
): Promise<HttpResponse> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text || '{}') as Record<string, unknown> };
}

class NamedTokens extends TokenVerifier {
  override callerOf(token: string | null): Promise<Caller> {
    const [handle = '', roles = ''] = (token ?? '').split(':');
    const known = ROLES.filter((role) => roles.split(',').includes(role));
    return Promise.resolve({ handle, organisation: '', roles: known, party: null });
  }
}

/** Appends one event at the current version of its stream. Returns its position. */
// eslint-disable-next-line max-params -- stream, key, event and trace context
export async function append(
  { log }: TestDatabase,
  stream: string,
  key: string,
  event: DomainEvent,
  trail: TraceContext | null = null,
): Promise<number> {
  const before: readonly StoredEvent[] = await log.readStream(stream);
  const outcome = await log.append({
    writes: [{ stream, expected: before.length, events: [{ key, event }] }],
    meta: { by: { who: 'spec', role: 'operator', party: null }, fingerprint: null, correlation: 'spec', ...trail },
  });
  if (outcome.kind === 'appended') return outcome.position;
  throw new Error(`the event was not appended: ${outcome.kind}`);
}

// eslint-disable-next-line max-params -- the change and its trace context
export function appendStatusChange(
  database: TestDatabase,
  region: string,
  from: Status,
  to: Status,
  trail: TraceContext | null = null,
): Promise<number> {
  const data = { region, lens: 'strict', modalities: 'astana-1', restsOn: 1, at: new Date().toISOString() };
  const event = { type: 'StatusChanged', data: { ...data, alert: true, from, to } } as const;
  return append(database, `status-strict-${region}`, region, event, trail);
}

/** SY > SY03 > SY0307, and SY02 beside them. */
export async function defineRegions(database: TestDatabase): Promise<void> {
  const tree = [
    ['SY', 'country', null, 'Syria'],
    ['SY02', 'governorate', 'SY', 'Aleppo'],
    ['SY03', 'governorate', 'SY', 'Rural Damascus'],
    ['SY0307', 'district', 'SY03', 'Az-Zabdani'],
  ] as const;
  for (const [region, level, parent, en] of tree) {
    const shape = { areaKm2: null, centre: null, parts: [], boundary: null, from: null };
    await append(database, `region-${region}`, `region-${region}`, {
      type: 'RegionDefined',
      data: { region, level, parent, name: { en, ar: null }, ...shape },
    });
  }
}
