// Removes the servers of a test run and their folders. Plain JavaScript, because jest loads it without a transform.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const TIMEOUT_MS = 20_000;
const POLL_MS = 20;

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

// Without a clean shutdown: the data is deleted next.
async function stop(pid, signal) {
  process.kill(pid, signal);
  for (const deadline = Date.now() + TIMEOUT_MS; isAlive(pid) && Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function postmasterOf(folder) {
  const file = join(folder, 'data', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

// The pid may have been reused since the broker ended: only a process whose command line names the folder is ours.
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
    // Docker is not running any more, so neither is the container.
  }
}
