// Stops the process on SIGINT, SIGTERM and SIGHUP.
import type { Running, Print } from './running.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// npm forwards the signal that the terminal has already sent to us: within this time it counts as the same one.
const SAME_SIGNAL_MS = 1_000;
// Supervisors kill a process soon after asking it to stop. Every part has its own, shorter timeout.
const STOP_TIMEOUT_MS = 10_000;

/** The first signal stops everything in order, also during the start; a second one exits at once. */
export function stopOnSignals(starting: Promise<Running>, print: Print, drainMs = 0): void {
  let stoppingSince: number | null = null;
  const onSignal = (): void => {
    if (stoppingSince === null) {
      stoppingSince = Date.now();
      print('\nStopping: accepted commands are being written. Press Ctrl-C again to exit at once.');
      setTimeout(exitNow, drainMs + STOP_TIMEOUT_MS).unref();
      starting.then((running) => stopAndExit(running, 0)).catch(() => undefined);
    } else if (Date.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const watched = starting.then(async (running) => {
    const { message } = await running.failed;
    if (stoppingSince !== null) return;
    console.error(`${message}: Barada stops too. Start it again; nothing acknowledged is lost.`);
    await stopAndExit(running, 1);
  });
  // The caller of the start reports its failure.
  watched.catch(() => undefined);
}

async function stopAndExit(running: Running, code: number): Promise<never> {
  try {
    await running.stop();
    process.exit(code);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

function exitNow(): never {
  console.error('It did not stop in time and exits now; nothing acknowledged is lost.');
  process.exit(1);
}
