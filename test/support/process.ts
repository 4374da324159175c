// Runs an app from the build in a process of its own.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '#database';
import { eventually } from './eventually.js';

const BUILD_TIMEOUT_MS = 180_000;
const START_TIMEOUT_MS = 60_000;
const ADDRESS = /(?:ready at|listens at|listens on) (http\S+)/;

export type AppProcess = {
  readonly pid: number;
  readonly url: string;
  /** Everything printed so far. */
  readonly output: () => string;
  /** Peak resident memory in MiB; null if /proc is not available. */
  readonly peakMiB: () => number | null;
  /** `SIGKILL`; resolves once it has exited. */
  readonly kill: () => Promise<void>;
  /** `SIGSTOP` and `SIGCONT`. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** `SIGTERM`; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
};

/** `env` is its whole environment. Throws with its output if it does not start. */
export async function startProcess(app: string, env: Readonly<Record<string, string>>): Promise<AppProcess> {
  await buildOnce();
  const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'apps', app, 'src', 'main.js')], {
    cwd: packageRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'error', ...env },
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => printed.push(String(text)));
  const output = (): string => printed.join('');
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  const url = await eventually(() => addressIn(output(), child), START_TIMEOUT_MS).catch(async (error: unknown) => {
    await end('SIGKILL');
    throw new Error(`${app} did not start: ${output()}`, { cause: error });
  });
  return {
    pid: child.pid ?? 0,
    url,
    output,
    peakMiB: () => peakMiB(child),
    kill: async () => {
      await end('SIGKILL');
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
  };
}

function addressIn(output: string, child: ChildProcess): string {
  const url = ADDRESS.exec(output)?.[1];
  if (url !== undefined) return url;
  throw new Error(child.exitCode === null ? 'it has not printed its address' : `it exited with code ${child.exitCode}`);
}

function peakMiB({ pid }: ChildProcess): number | null {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'));
    return found ? Math.round(Number(found[1]) / 1024) : null;
  } catch {
    return null;
  }
}

/** Builds once per test run: mkdir is atomic, so of several workers only one builds. */
export async function buildOnce(): Promise<void> {
  const run = process.env['BARADA_TEST_CLUSTER'];
  if (run === undefined) return; // outside jest the caller has already built
  mkdirSync(run, { recursive: true });
  const built = join(run, 'built');
  try {
    mkdirSync(join(run, 'building'));
  } catch {
    const outcome = await eventually(() => readFileSync(built, 'utf8'), BUILD_TIMEOUT_MS);
    if (outcome !== '') throw new Error(outcome);
    return;
  }
  const outcome = await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: packageRoot() }).then(
    () => '',
    (error: unknown) => `the build failed: ${outputOf(error)}`,
  );
  writeFileSync(built, outcome);
  if (outcome !== '') throw new Error(outcome);
}

/** tsc prints its errors on standard output. */
function outputOf(error: unknown): string {
  return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
}
