// Provides the embedded PostgreSQL to a command: the running one, else one that is started for the command.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { urlOfDatabase } from '../create-database.sql.js';
import { SUPERUSER } from './cluster.js';
import { DATABASE, startEmbeddedPostgres } from './embedded-postgres.js';
import { isPostgresOf, liveOwner, readPostmaster } from './processes.js';

export type AcquiredPostgres = {
  /** Contains the superuser's password: keep it out of logs. */
  readonly url: string;
  /** True if it was running before; then `release` leaves it running. */
  readonly isAlreadyRunning: boolean;
  release(): Promise<void>;
};

/** True if the folder contains the data of a PostgreSQL. */
export function hasEmbeddedData(dir: string): boolean {
  return existsSync(join(resolve(dir), 'data'));
}

/** Throws CannotStartPostgres with one sentence that names the remedy. */
export async function acquireEmbeddedPostgres(dir: string): Promise<AcquiredPostgres> {
  const running = urlOfRunning(resolve(dir));
  if (running !== null) return { url: running, isAlreadyRunning: true, release: () => Promise.resolve() };
  const own = await startEmbeddedPostgres({ dir });
  return { url: own.url, isAlreadyRunning: false, release: () => own.stop() };
}

// A PostgreSQL whose owner was killed is not used: it is shut down and started again, as at any start.
function urlOfRunning(folder: string): string | null {
  const data = join(folder, 'data');
  const postmaster = readPostmaster(data);
  if (postmaster?.ready !== true || liveOwner(folder) === null || !isPostgresOf(postmaster.pid, data)) return null;
  const password = readFileSync(join(folder, 'password'), 'utf8').trim();
  return urlOfDatabase(`postgres://${SUPERUSER}:${password}@127.0.0.1:${postmaster.port}/postgres`, DATABASE);
}
