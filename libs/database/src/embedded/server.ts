// Starts and stops the PostgreSQL process.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { Cluster } from './cluster.js';
import { CannotStartPostgres } from './failure.js';
import { readPostmaster } from './processes.js';

export type Server = {
  readonly port: number;
  readonly lost: Promise<Error>;
  stop(timeoutMs: number): Promise<void>;
};

type ServerOptions = {
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly keepRunning?: boolean;
};

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '200',
  jit: 'off', // our statements are short: compiling costs more than it saves
  // The text of a report must not reach a log file through an error message.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};
// After a crash, processes of the old PostgreSQL may need a moment to exit; and another process may take the free port.
const START_TIMEOUT_MS = 15_000;
const TRANSIENT = /still in use|could not bind|lock file ".*" already exists/;
// Recovery replays the log since the last checkpoint: minutes in the worst case.
const READY_TIMEOUT_MS = 600_000;
const PAUSE_MS = 20;
const LOG_TAIL = 400;

export async function startServer(cluster: Cluster, options: ServerOptions): Promise<Server> {
  for (const giveUpAt = Date.now() + START_TIMEOUT_MS; ;) {
    const port = options.port ?? (await freePort());
    const child = launch(cluster, port, options.settings ?? {});
    const failure = await readyOrFailure(cluster, child);
    if (failure === null) return serverOf(child, port, options.keepRunning ?? false);
    if (!TRANSIENT.test(failure) || Date.now() > giveUpAt) throw new CannotStartPostgres(failure);
    await pause();
  }
}

function launch(cluster: Cluster, port: number, settings: Readonly<Record<string, string>>): ChildProcess {
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(cluster.log, 'w', 0o600);
  const child = spawn(cluster.program, ['-D', cluster.data, '-p', String(port), ...flags], {
    ...cluster.runAs,
    cwd: cluster.folder,
    // A file, not a pipe: PostgreSQL can still write to it if this process is killed.
    stdio: ['ignore', log, log],
    // In a session of its own: Ctrl-C in a terminal reaches only this process, which stops PostgreSQL last.
    detached: true,
    env: { ...process.env, LC_ALL: 'C' },
  });
  closeSync(log);
  child.unref();
  return child;
}

/** Null once PostgreSQL is ready, else the reason why it is not. */
async function readyOrFailure(cluster: Cluster, child: ChildProcess): Promise<string | null> {
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`PostgreSQL could not be started: ${error.message}`);
    });
    child.once('exit', () => {
      resolve(`PostgreSQL could not be started: ${tailOf(cluster.log)}`);
    });
  });
  for (const giveUpAt = Date.now() + READY_TIMEOUT_MS; Date.now() < giveUpAt;) {
    const postmaster = readPostmaster(cluster.data);
    if (postmaster?.ready === true && postmaster.pid === child.pid) return null;
    const failure = await Promise.race([failed, pause()]);
    if (failure !== undefined) return failure;
  }
  child.kill('SIGQUIT');
  return `PostgreSQL was not ready after ${READY_TIMEOUT_MS / 1000} s: ${tailOf(cluster.log)}`;
}

function serverOf(child: ChildProcess, port: number, keepRunning: boolean): Server {
  let stopRequested = false;
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const lost = new Promise<Error>((resolve) => {
    void exited.then(() => {
      if (!stopRequested) resolve(new Error('PostgreSQL exited unexpectedly'));
    });
  });
  // Last resort: a process that exits without stopping PostgreSQL leaves none running.
  const stopWithUs = (): void => void child.kill('SIGINT');
  if (!keepRunning) process.once('exit', stopWithUs);
  const stop = async (timeoutMs: number): Promise<void> => {
    stopRequested = true;
    process.off('exit', stopWithUs);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    child.kill('SIGINT'); // fast shutdown: open transactions are rolled back, all data is written
    const forceTimer = setTimeout(() => child.kill('SIGQUIT'), timeoutMs);
    await exited;
    clearTimeout(forceTimer);
  };
  return { port, lost, stop };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function pause(): Promise<undefined> {
  return new Promise((resolve) =>
    setTimeout(() => {
      resolve(undefined);
    }, PAUSE_MS),
  );
}

function tailOf(log: string): string {
  return readFileSync(log, 'utf8').trim().slice(-LOG_TAIL);
}
