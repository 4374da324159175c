// The standalone composition, as `npm start` runs it, on a database of the benchmark.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LocalIssuer, Settings, type Role } from '../../../libs/platform/src/index.js';
import { start } from '../../../apps/standalone/src/start.js';
import type { Bench } from '../bench.js';

export type Standalone = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly token: (...roles: Role[]) => Promise<string>;
  readonly stop: () => Promise<void>;
};

const TOKEN_SECONDS = 36_000;

/** On the given database, or on a new one. */
export async function startStandalone(bench: Bench, name: string, given?: string): Promise<Standalone> {
  const directory = join(bench.folder, name);
  mkdirSync(directory, { recursive: true });
  const databaseUrl = given ?? (await bench.database(name));
  const settings = Settings.from({
    PORT: '0',
    BARADA_DIR: directory,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'error',
  });
  const { url, stop } = await start(settings, { noAuth: false }, () => undefined);
  const issuer = await LocalIssuer.open(directory);
  return {
    url,
    databaseUrl,
    token: (...roles) =>
      issuer.sign({ handle: 'bench', organisation: 'bench', roles, party: null }, new Date(), TOKEN_SECONDS),
    stop,
  };
}
