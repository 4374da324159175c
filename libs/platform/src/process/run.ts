// Runs a process: reads the settings, starts it, handles signals, and prints one sentence if it cannot start.
import { Settings } from '../settings/settings.js';
import { startFailureMessage } from './failures.js';
import type { Running, Print } from './running.js';
import { stopOnSignals } from './signals.js';

/** ```ts
 * await runProcess((settings, print) => startApp(API, settings, print));
 * ``` */
export async function runProcess(start: (settings: Settings, print: Print) => Promise<Running>): Promise<void> {
  try {
    const settings = Settings.from(process.env);
    const starting = start(settings, console.log);
    stopOnSignals(starting, console.log, settings.drainSeconds * 1_000);
    await starting;
  } catch (error) {
    console.error(startFailureMessage(error));
    process.exit(1);
  }
}
