// The order in which things start, and stop.
import { resolve } from 'node:path';
import { migrate, startEmbeddedPostgres, type EmbeddedPostgres } from '#database';
import {
  createApp,
  JsonLogger,
  LocalIssuer,
  localIssuer,
  NoTokens,
  oidcIssuer,
  openFoundations,
  VerifiedTokens,
  type Settings,
  type Tokens,
} from '#platform';
import { loadAstanaProfile } from '#profile';
import { FACTS } from '#status';
import { CannotReachDatabase, ThatIsNotLoopback } from './failures.js';
import type { Options } from './options.js';
import { StandaloneModule } from './standalone.module.js';
import { greeting, recovery, warning } from './words.js';

export type Running = {
  readonly url: string;
  /** Resolves where the system cannot go on by itself. */
  readonly failed: Promise<Error>;
  /** Ends all of it in order; resolves once nothing runs any more. */
  readonly stop: () => Promise<void>;
};

type Say = (text: string) => void;
type Closer = () => Promise<unknown>;

const LOOPBACK = /^(127\.|::1$|localhost$)/;
// Who streams alerts, or a bulk that will not end, is cut off then.
const CLOSE_PATIENCE_MS = 4_000;
const CATCH_UP_MS = 10_000;

export async function start(settings: Settings, options: Options, say: Say): Promise<Running> {
  const closers: Closer[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    return { ...(await startAll(settings, options, { say, onStop: (close) => closers.push(close) })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Hands = { readonly say: Say; readonly onStop: (close: Closer) => unknown };

async function startAll(
  settings: Settings,
  { noAuth }: Options,
  { say, onStop }: Hands,
): Promise<Omit<Running, 'stop'>> {
  if (noAuth && !LOOPBACK.test(settings.host)) throw new ThatIsNotLoopback(settings.host);
  const postgres = settings.databaseUrl === null ? await startEmbeddedPostgres({ dir: settings.directory }) : null;
  if (postgres !== null) onStop(() => postgres.stop());
  const databaseUrl = await migrated(postgres, settings);
  const foundations = await openFoundations(settings, databaseUrl, await tokensFor(settings, noAuth));
  onStop(foundations.close);
  await loadAstanaProfile(foundations.log);
  const app = await createApp(StandaloneModule.with(foundations), settings, new JsonLogger(settings.logLevel));
  onStop(() => closedWithin(CLOSE_PATIENCE_MS, app));
  await app.listen(settings.port, settings.host);
  const url = await app.getUrl();
  const { position } = await foundations.log.head();
  // Who is told that it is ready may ask for a status at once. A long way to catch up is for /health/ready to tell.
  await foundations.checkpoints.passed(FACTS, position, CATCH_UP_MS);
  if (postgres !== null && postgres.recovered !== null) say(recovery(postgres.recovered, position));
  say(greeting({ url, settings, directory: resolve(settings.directory), events: position }));
  if (noAuth) say(warning());
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
    throw CannotReachDatabase.orElse(error);
  }
  return url;
}

async function tokensFor(settings: Settings, noAuth: boolean): Promise<Tokens> {
  if (noAuth) return new NoTokens();
  const own = localIssuer(await LocalIssuer.open(settings.directory));
  const trusted = settings.issuers.map((issuer) => oidcIssuer(issuer, settings.audience));
  return new VerifiedTokens([own, ...trusted], 'Get one by `npx barada token --role ROLE`.');
}

type App = Awaited<ReturnType<typeof createApp>>;

async function closedWithin(patienceMs: number, app: App): Promise<void> {
  const impatient = setTimeout(() => {
    app.getHttpAdapter().getInstance().server.closeAllConnections();
  }, patienceMs);
  await app.close();
  clearTimeout(impatient);
}
