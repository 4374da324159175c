// Starts a process of the distributed mode: migrate, open the foundations, prepare, listen.
import type { DynamicModule } from '@nestjs/common';
import { prepareSchema, type LogAccess } from '#database';
import type { EventLog } from '#event-log';
import { localIssuer, oidcIssuer } from '../auth/issuers.js';
import { publicIssuer } from '../auth/local-issuer.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { JwtVerifier } from '../auth/jwt-verifier.js';
import { openFoundations, type Foundations, type RunnerFactory } from '../foundations.js';
import { BadSettings, type Settings } from '../settings/settings.js';
import { CannotReachDatabase } from './failures.js';
import { startInOrder, type OnStop, type Running, type Print } from './running.js';
import { serve } from './serve.js';

/** Describes a process of the distributed mode; its `main.ts` has one. */
export type App = {
  /** Its name in messages, and as `application_name` in pg_stat_activity. */
  readonly name: string;
  readonly module: (foundations: Foundations) => DynamicModule;
  /** True if it serves the API: it then needs token issuers and the secret, and serves the OpenAPI document. */
  readonly hasCallers: boolean;
  readonly needsKafka: boolean;
  /** What its database connections may do with the log. */
  readonly logAccess: LogAccess;
  /** Runs the projections of its features; omitted if it runs none. */
  readonly runner?: RunnerFactory;
  /** Called once the schema is ready, before anything else. Several processes may call it concurrently. */
  readonly prepare?: (log: EventLog) => Promise<unknown>;
};

/** Resolves once it listens. `/health/ready` says when it is ready. */
export function startApp(app: App, settings: Settings, print: Print): Promise<Running> {
  return startInOrder(async (onStop) => {
    const foundations = await openAppFoundations(app, settings, onStop);
    await app.prepare?.(foundations.log);
    const url = await serve(app.module(foundations), settings, onStop, { openApi: app.hasCallers });
    print(`Barada's ${app.name} listens on ${url} (health: ${url}/health/status)`);
    return { url };
  });
}

async function openAppFoundations(app: App, settings: Settings, onStop: OnStop): Promise<Foundations> {
  requireSettings(app, settings);
  const databaseUrl = settings.databaseUrl ?? '';
  try {
    await prepareSchema(databaseUrl);
  } catch (error) {
    throw CannotReachDatabase.from(error);
  }
  const foundations = openFoundations(settings, databaseUrl, {
    name: app.name,
    access: app.logAccess,
    tokens: tokensFor(app, settings),
    ...(app.hasCallers ? { secret: settings.secret } : {}),
    ...(app.runner === undefined ? {} : { runner: app.runner }),
  });
  onStop(foundations.close);
  return foundations;
}

function requireSettings({ hasCallers, needsKafka }: App, settings: Settings): void {
  const { databaseUrl, kafka, secret, issuers, issuerKey } = settings;
  const missing = [
    databaseUrl === null && 'DATABASE_URL must be set, such as postgres://barada@localhost:5432/barada.',
    needsKafka && kafka.brokers.length === 0 && 'KAFKA_BROKERS must be set, such as localhost:9092.',
    hasCallers &&
      secret === null &&
      'BARADA_SECRET must be set, the same for all processes, and never changed: generate one with `openssl rand -hex 32`.',
    hasCallers &&
      issuers.length + (issuerKey === null ? 0 : 1) === 0 &&
      'OIDC_ISSUERS must be set, or for a first trial BARADA_ISSUER_KEY (see `barada keys`): otherwise nobody can authenticate.',
  ].filter((message) => message !== false);
  if (missing.length > 0) throw new BadSettings(missing);
}

function tokensFor({ hasCallers }: App, { issuers, audience, issuerKey }: Settings): TokenVerifier {
  if (!hasCallers) return new JwtVerifier([], 'This process has no API: call the api process.');
  const own = issuerKey === null ? [] : [localIssuer(publicIssuer(issuerKey))];
  const howToGetToken =
    issuerKey === null ? 'Get one from your identity provider.' : 'Get one with `barada token --role ROLE`.';
  return new JwtVerifier([...own, ...issuers.map((issuer) => oidcIssuer(issuer, audience))], howToGetToken);
}
