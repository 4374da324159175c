// The embedded PostgreSQL for the time of a command: the one that runs already, else one that is started for it.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { urlOfDatabase } from '../create-database.sql.js';
import { SUPERUSER } from './cluster.js';
import { DATABASE, startEmbeddedPostgres } from './embedded-postgres.js';
import { isPostgresOf, liveOwner, readPostmaster } from './processes.js';

export type AcquiredPostgres = {
  /** With the superuser's password: keep it out of logs. */
  readonly url: string;
  /** True where the system runs too, and goes on when we are done. */
  readonly isAlreadyRunning: boolean;
  release(): Promise<void>;
};

/** True where a PostgreSQL was ever made in the folder. */
export function hasEmbeddedData(dir: string): boolean {
  return existsSync(join(resolve(dir), 'data'));
}

/** Throws CannotStartPostgres with one sentence that names the cure. */
export async function acquireEmbeddedPostgres(dir: string): Promise<AcquiredPostgres> {
  const running = urlOfRunning(resolve(dir));
  if (running !== null) return { url: running, isAlreadyRunning: true, release: () => Promise.resolve() };
  const own = await startEmbeddedPostgres({ dir });
  return { url: own.url, isAlreadyRunning: false, release: () => own.stop() };
}

// One whose owner was killed is not borrowed: it is stopped in order first, as at any start.
function urlOfRunning(folder: string): string | null {
  const data = join(folder, 'data');
  const postmaster = readPostmaster(data);
  if (postmaster?.ready !== true || liveOwner(folder) === null || !isPostgresOf(postmaster.pid, data)) return null;
  const password = readFileSync(join(folder, 'password'), 'utf8').trim();
  return urlOfDatabase(`postgres://${SUPERUSER}:${password}@127.0.0.1:${postmaster.port}/postgres`, DATABASE);
}
