// Ctrl-C and its relatives.
import type { Running, Print } from './running.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// npm hands on the signal that the terminal has already given to us: within this time it is the same one.
const SAME_SIGNAL_MS = 1_000;
// Whoever asks us to stop kills us soon after; until then each part has had its own, shorter patience.
const STOP_PATIENCE_MS = 10_000;

/** The first signal stops everything in order, also while it still starts; the second one at once. */
export function stopOnSignals(starting: Promise<Running>, say: Print): void {
  let stoppingSince: number | null = null;
  const onSignal = (): void => {
    if (stoppingSince === null) {
      stoppingSince = Date.now();
      say('\nStopping: what has been taken in is written. Again to stop at once.');
      setTimeout(cutOff, STOP_PATIENCE_MS).unref();
      starting.then((running) => stopped(running, 0)).catch(() => undefined);
    } else if (Date.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const watched = starting.then(async (running) => {
    const { message } = await running.failed;
    if (stoppingSince !== null) return;
    console.error(`${message}: Barada stops too. Start it again; nothing that was acknowledged is lost.`);
    await stopped(running, 1);
  });
  // A start that fails is told by whoever asked for it.
  watched.catch(() => undefined);
}

async function stopped(running: Running, code: number): Promise<never> {
  try {
    await running.stop();
    process.exit(code);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

function cutOff(): never {
  console.error(`It did not end within ${STOP_PATIENCE_MS / 1_000} s and is cut off; nothing acknowledged is lost.`);
  process.exit(1);
}
