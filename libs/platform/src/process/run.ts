// The whole life of a process: settings, start, signals, and one sentence where it cannot start.
import { Settings } from '../settings/settings.js';
import { startFailureMessage } from './failures.js';
import type { Running, Print } from './running.js';
import { stopOnSignals } from './signals.js';

/** ```ts
 * await runProcess((settings, say) => startApp(API, settings, say));
 * ``` */
export async function runProcess(start: (settings: Settings, say: Print) => Promise<Running>): Promise<void> {
  try {
    const starting = start(Settings.from(process.env), console.log);
    stopOnSignals(starting, console.log);
    await starting;
  } catch (error) {
    console.error(startFailureMessage(error));
    process.exit(1);
  }
}
