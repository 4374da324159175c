// The folders of a test run's servers, seen from outside: plain JavaScript, for jest runs this before it can read ours.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE_MS = 20_000;
const PAUSE_MS = 20;

export async function removeCluster(folder) {
  if (!existsSync(folder)) return;
  const pid = postmasterOf(folder);
  if (pid !== null && isAlive(pid)) await stop(pid, 'SIGQUIT');
  const broker = brokerOf(folder);
  if (broker !== null) await stop(broker, 'SIGKILL');
  removeContainer(folder);
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

// At once: the data are thrown away anyhow.
async function stop(pid, signal) {
  process.kill(pid, signal);
  for (const giveUpAt = Date.now() + PATIENCE_MS; isAlive(pid) && Date.now() < giveUpAt;) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function postmasterOf(folder) {
  const file = join(folder, 'data', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

// A broker's id outlives it, and may by now be that of somebody else, whose command line does not name the folder.
function brokerOf(folder) {
  try {
    const pid = Number(readFileSync(join(folder, 'broker.pid'), 'utf8'));
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.includes(folder) ? pid : null;
  } catch {
    return null;
  }
}

function removeContainer(folder) {
  const file = join(folder, 'container.id');
  if (!existsSync(file)) return;
  try {
    execFileSync('docker', ['rm', '--force', '--volumes', readFileSync(file, 'utf8')], { stdio: 'ignore' });
  } catch {
    // Docker has gone, and it with it.
  }
}
