// Kills or removes the PostgreSQL server that runs on a data folder.
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

const POLL_MS = 20;
const TIMEOUT_MS = 20_000;

/** `SIGKILL`; resolves once the postmaster has exited. Its backends notice and exit by themselves. */
export async function killPostmaster(folder: string): Promise<void> {
  const pid = postmasterOf(folder);
  if (pid === null) return;
  signal(pid, 'SIGKILL');
  await waitForExit(pid);
}

/** Stops the server if it is running and removes the folder. */
export async function stopAndRemove(folder: string): Promise<void> {
  const pid = postmasterOf(folder);
  if (pid !== null) {
    signal(pid, 'SIGQUIT');
    await waitForExit(pid);
  }
  await rm(folder, { recursive: true, force: true });
}

/** The pid in postmaster.pid if that process is alive. */
function postmasterOf(folder: string): number | null {
  try {
    const pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

export async function waitForExit(pid: number): Promise<void> {
  for (const deadline = Date.now() + TIMEOUT_MS; isAlive(pid);) {
    if (Date.now() > deadline) throw new Error(`process ${pid} does not exit`);
    await sleep(POLL_MS);
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** False if there is no such process. */
export function signal(pid: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, which);
  } catch {
    return false;
  }
}
