// Runs a PostgreSQL in a folder, for the standalone app and for tests.
import { createDatabase } from '../create-database.sql.js';
import { makeFolder, openCluster, SUPERUSER, type Cluster } from './cluster.js';
import { CannotStartPostgres } from './failure.js';
import { waitForExit, isPostgresOf, unlockFolder, readPostmaster, lockFolder } from './processes.js';
import { startServer, type Server } from './server.js';
import { join, resolve } from 'node:path';
import { rmSync } from 'node:fs';

export type EmbeddedPostgres = {
  /** URL of the database `barada`. Contains the superuser's password: keep it out of logs. */
  readonly url: string;
  readonly port: number;
  /**
   * `outlived`: the last process was killed but its PostgreSQL kept running; it has been shut down cleanly. `crashed`:
   * both were killed; PostgreSQL recovered from its write-ahead log. Nothing acknowledged is lost either way. Else null.
   */
  readonly recovered: 'outlived' | 'crashed' | null;
  /** Resolves with the reason if PostgreSQL exits unexpectedly. */
  readonly lost: Promise<Error>;
  /** Shuts it down cleanly and resolves once it has exited. May be called again. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  readonly dir: string;
  /** Default: any free port. It listens on 127.0.0.1 only. */
  readonly port?: number;
  /** Additional settings of PostgreSQL. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Keep it running when this process exits without `stop()`: for tests, whose workers share one server. */
  readonly keepRunning?: boolean;
};

export const DATABASE = 'barada';
// A fast shutdown writes a checkpoint, which takes seconds at most on a slow disk.
const STOP_TIMEOUT_MS = 60_000;

/** Throws CannotStartPostgres with one sentence that names the remedy. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.dir);
  makeFolder(folder);
  lockFolder(folder);
  try {
    const cluster = openCluster(folder);
    const recovered = await cleanUpAfterCrash(cluster);
    const server = await startServer(cluster, options);
    const serverUrl = `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${server.port}/postgres`;
    const url = await createDatabase(serverUrl, DATABASE);
    return { url, port: server.port, recovered, lost: server.lost, stop: () => stop(server, folder) };
  } catch (error) {
    unlockFolder(folder);
    throw error;
  }
}

async function stop(server: Server, folder: string): Promise<void> {
  await server.stop(STOP_TIMEOUT_MS);
  unlockFolder(folder);
}

/** Cleans up after a killed process: shuts down its PostgreSQL if it is running, else removes the stale pid file. */
async function cleanUpAfterCrash({ data }: Cluster): Promise<'outlived' | 'crashed' | null> {
  const postmaster = readPostmaster(data);
  if (!postmaster) return null;
  if (!isPostgresOf(postmaster.pid, data)) {
    // PostgreSQL would mistake any process with that pid for a running server, and refuse to start.
    rmSync(join(data, 'postmaster.pid'), { force: true });
    return 'crashed';
  }
  process.kill(postmaster.pid, 'SIGINT');
  if (await waitForExit(postmaster.pid, STOP_TIMEOUT_MS)) return 'outlived';
  throw new CannotStartPostgres(
    `A PostgreSQL that an earlier Barada started (process ${postmaster.pid}) does not stop: terminate it (kill ${postmaster.pid}).`,
  );
}
