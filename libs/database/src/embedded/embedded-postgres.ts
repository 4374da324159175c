// Runs a PostgreSQL of our own in a folder: for the standalone app, and for the tests.
import { createDatabase } from '../create-database.sql.js';
import { makeFolder, openCluster, SUPERUSER, type Cluster } from './cluster.js';
import { CannotStartPostgres } from './failure.js';
import { waitForExit, isPostgresOf, unlockFolder, readPostmaster, lockFolder } from './processes.js';
import { startServer, type Server } from './server.js';
import { join, resolve } from 'node:path';
import { rmSync } from 'node:fs';

export type EmbeddedPostgres = {
  /** Of the database `barada`, with the superuser's password: keep it out of logs. */
  readonly url: string;
  readonly port: number;
  /**
   * `outlived`: we were killed, its PostgreSQL went on, and has been stopped in order first. `crashed`: both were
   * killed; PostgreSQL recovered from its write-ahead log. Nothing acknowledged is lost either way. Else null.
   */
  readonly recovered: 'outlived' | 'crashed' | null;
  /** Resolves with the reason when PostgreSQL ends without having been asked to. */
  readonly lost: Promise<Error>;
  /** Ends it in order and resolves once it is gone. May be called again. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  readonly dir: string;
  /** Left out: any free one. It listens on 127.0.0.1 alone. */
  readonly port?: number;
  /** PostgreSQL's own settings on top of ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** It is not stopped when this process ends without `stop()`: for tests, whose workers share one. */
  readonly keepRunning?: boolean;
};

export const DATABASE = 'barada';
// A fast shutdown writes a checkpoint, which takes seconds at most on a slow disk.
const STOP_PATIENCE_MS = 60_000;

/** Throws CannotStartPostgres with one sentence that names the cure. */
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
  await server.stop(STOP_PATIENCE_MS);
  unlockFolder(folder);
}

/** What a killed process left behind: a PostgreSQL that still runs is stopped in order, a dead one's file is noted. */
async function cleanUpAfterCrash({ data }: Cluster): Promise<'outlived' | 'crashed' | null> {
  const postmaster = readPostmaster(data);
  if (!postmaster) return null;
  if (!isPostgresOf(postmaster.pid, data)) {
    // PostgreSQL would take any living process of that number for its predecessor, and refuse to start.
    rmSync(join(data, 'postmaster.pid'), { force: true });
    return 'crashed';
  }
  process.kill(postmaster.pid, 'SIGINT');
  if (await waitForExit(postmaster.pid, STOP_PATIENCE_MS)) return 'outlived';
  throw new CannotStartPostgres(
    `A PostgreSQL that an earlier Barada started (process ${postmaster.pid}) does not stop: end it (kill ${postmaster.pid}).`,
  );
}
