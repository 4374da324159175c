// The PostgreSQL of a folder as the operating system sees it: to be killed, and to be cleared away.
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

const PAUSE_MS = 20;
const PATIENCE_MS = 20_000;

/** kill -9; resolves once it is gone. Its backends find out by themselves. */
export async function killPostmaster(folder: string): Promise<void> {
  const pid = postmasterOf(folder);
  if (pid === null) return;
  signal(pid, 'SIGKILL');
  await waitForExit(pid);
}

/** For the end of a spec, whatever became of it: nothing runs on the folder any more, and it is gone. */
export async function stopAndRemove(folder: string): Promise<void> {
  const pid = postmasterOf(folder);
  if (pid !== null) {
    signal(pid, 'SIGQUIT');
    await waitForExit(pid);
  }
  await rm(folder, { recursive: true, force: true });
}

/** As its file says: a process that is gone is as good as none. */
function postmasterOf(folder: string): number | null {
  try {
    const pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

export async function waitForExit(pid: number): Promise<void> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; isAlive(pid);) {
    if (Date.now() > giveUpAt) throw new Error(`process ${pid} does not end`);
    await sleep(PAUSE_MS);
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** False where there is nobody to get it. */
export function signal(pid: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, which);
  } catch {
    return false;
  }
}
