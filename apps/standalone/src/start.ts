// Starts everything in order; it is stopped in reverse order.
import { resolve } from 'node:path';
import { migrate, startEmbeddedPostgres, type EmbeddedPostgres } from '#database';
import {
  CannotReachDatabase,
  CannotStart,
  followLog,
  LocalIssuer,
  localIssuer,
  NoAuthentication,
  oidcIssuer,
  openFoundations,
  readOrCreateSecret,
  serve,
  startInOrder,
  JwtVerifier,
  type OnStop,
  type Running,
  type Print,
  type Settings,
  type TokenVerifier,
} from '#platform';
import { loadAstanaProfile } from '#profile';
import { FACTS } from '#status';
import type { Options } from './options.js';
import { StandaloneModule } from './standalone.module.js';
import { greeting, recovery, noAuthWarning } from './messages.js';

const LOOPBACK = /^(127\.|::1$|localhost$)/;
const CATCH_UP_MS = 10_000;

export function start(settings: Settings, options: Options, say: Print): Promise<Running> {
  return startInOrder((onStop) => startAll(settings, options, { say, onStop }));
}

type StartContext = { readonly say: Print; readonly onStop: OnStop };

async function startAll(
  settings: Settings,
  { noAuth }: Options,
  { say, onStop }: StartContext,
): Promise<Omit<Running, 'stop'>> {
  if (noAuth && !LOOPBACK.test(settings.host))
    throw new CannotStart(`--no-auth works only on loopback, and HOST is ${settings.host}: remove one of the two.`);
  const postgres = settings.databaseUrl === null ? await startEmbeddedPostgres({ dir: settings.directory }) : null;
  if (postgres !== null) onStop(() => postgres.stop());
  const databaseUrl = await migrated(postgres, settings);
  const tokens = await tokensFor(settings, noAuth);
  const secret = await readOrCreateSecret(settings);
  const foundations = openFoundations(settings, databaseUrl, { tokens, secret, runner: followLog });
  onStop(foundations.close);
  await loadAstanaProfile(foundations.log);
  const url = await serve(StandaloneModule.with(foundations), settings, onStop);
  const { position } = await foundations.log.head();
  // After the "ready" message a user may ask for a status at once. /health/ready reports a longer catch-up.
  await foundations.checkpoints.isReached(FACTS, position, CATCH_UP_MS);
  if (postgres !== null && postgres.recovered !== null) say(recovery(postgres.recovered, position));
  say(greeting({ url, settings, directory: resolve(settings.directory), events: position }));
  if (noAuth) say(noAuthWarning());
  return { url, failed: postgres?.lost ?? new Promise<never>(() => undefined) };
}

async function migrated(postgres: EmbeddedPostgres | null, settings: Settings): Promise<string> {
  if (postgres !== null) {
    await migrate(postgres.url);
    return postgres.url;
  }
  const url = settings.databaseUrl ?? '';
  try {
    await migrate(url);
  } catch (error) {
    throw CannotReachDatabase.from(error);
  }
  return url;
}

async function tokensFor(settings: Settings, noAuth: boolean): Promise<TokenVerifier> {
  if (noAuth) return new NoAuthentication();
  const own = localIssuer(await LocalIssuer.open(settings.directory));
  const trusted = settings.issuers.map((issuer) => oidcIssuer(issuer, settings.audience));
  return new JwtVerifier([own, ...trusted], 'Get one by `npx barada token --role ROLE`.');
}
