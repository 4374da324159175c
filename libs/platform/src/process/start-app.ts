// How every process of the distributed mode starts: the same order, whatever it is composed of.
import type { DynamicModule } from '@nestjs/common';
import { migrate } from '#database';
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

/** A process of the distributed mode, as its `main.ts` describes it. */
export type App = {
  /** As it is called in the database's list of sessions, and in what it says. */
  readonly name: string;
  readonly module: (foundations: Foundations) => DynamicModule;
  /** Whether people call it: it then wants issuers of tokens and the secret, and shows what there is to call. */
  readonly hasCallers: boolean;
  readonly needsKafka: boolean;
  /** Runs the projections of its features; left out where it has none to run. */
  readonly runner?: RunnerFactory;
  /** Done once the database is there and before anything else is. Any number of processes may do it at once. */
  readonly prepare?: (log: EventLog) => Promise<unknown>;
};

/** Resolves once it listens. Whether it is ready is for `/health/ready` to tell. */
export function startApp(app: App, settings: Settings, say: Print): Promise<Running> {
  return startInOrder(async (onStop) => {
    const foundations = await founded(app, settings, onStop);
    await app.prepare?.(foundations.log);
    const url = await serve(app.module(foundations), settings, onStop, { openApi: app.hasCallers });
    say(`Barada's ${app.name} listens at ${url} (how it fares: ${url}/health/status)`);
    return { url };
  });
}

async function founded(app: App, settings: Settings, onStop: OnStop): Promise<Foundations> {
  mustBeSet(app, settings);
  const databaseUrl = settings.databaseUrl ?? '';
  try {
    await migrate(databaseUrl);
  } catch (error) {
    throw CannotReachDatabase.orElse(error);
  }
  const foundations = openFoundations(settings, databaseUrl, {
    name: app.name,
    tokens: tokensFor(app, settings),
    ...(app.hasCallers ? { secret: settings.secret } : {}),
    ...(app.runner === undefined ? {} : { runner: app.runner }),
  });
  onStop(foundations.close);
  return foundations;
}

function mustBeSet({ hasCallers, needsKafka }: App, settings: Settings): void {
  const { databaseUrl, kafka, secret, issuers, issuerKey } = settings;
  const missing = [
    databaseUrl === null && 'DATABASE_URL must be set, such as postgres://barada@localhost:5432/barada.',
    needsKafka && kafka.brokers.length === 0 && 'KAFKA_BROKERS must be set, such as localhost:9092.',
    hasCallers &&
      secret === null &&
      'BARADA_SECRET must be set, the same for all processes and for ever: make one by `openssl rand -hex 32`.',
    hasCallers &&
      issuers.length + (issuerKey === null ? 0 : 1) === 0 &&
      'OIDC_ISSUERS must be set, or for a first try-out BARADA_ISSUER_KEY (see `barada keys`): else nobody may call.',
  ].filter((sentence) => sentence !== false);
  if (missing.length > 0) throw new BadSettings(missing);
}

function tokensFor({ hasCallers }: App, { issuers, audience, issuerKey }: Settings): TokenVerifier {
  if (!hasCallers) return new JwtVerifier([], 'Nothing here is for callers: ask the api.');
  const own = issuerKey === null ? [] : [localIssuer(publicIssuer(issuerKey))];
  const cure = issuerKey === null ? 'Get one from your identity provider.' : 'Get one by `barada token --role ROLE`.';
  return new JwtVerifier([...own, ...issuers.map((issuer) => oidcIssuer(issuer, audience))], cure);
}
