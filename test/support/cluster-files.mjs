// The folder of a test run's PostgreSQL, seen from outside: plain JavaScript, for jest runs this before it can read ours.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE_MS = 20_000;
const PAUSE_MS = 20;

export async function removeCluster(folder) {
  if (!existsSync(folder)) return;
  const pid = postmasterOf(folder);
  if (pid !== null && isAlive(pid)) await stop(pid);
  rmSync(folder, { recursive: true, force: true });
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// An immediate shutdown: the data are thrown away anyhow.
async function stop(pid) {
  process.kill(pid, 'SIGQUIT');
  for (const giveUpAt = Date.now() + PATIENCE_MS; isAlive(pid) && Date.now() < giveUpAt;) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function postmasterOf(folder) {
  const file = join(folder, 'data', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}
