// What is done again when the connection was lost under it.
import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionFailure } from './failures.js';

// A first retry may meet a server that is still going down.
const RETRIES = 2;
// A server that restarts, or a killed connection's backend that is still at it, needs a moment.
const PAUSE_MS = 100;

/** Only for what may be done twice. Throws the last failure. */
export async function retryAfterConnectionLoss<T>(attempt: () => Promise<T>): Promise<T> {
  for (let retry = 0; retry < RETRIES; retry += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConnectionFailure(error)) throw error;
    }
    await sleep(PAUSE_MS);
  }
  return attempt();
}
