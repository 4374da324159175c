// Retries after a lost connection.
import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionFailure } from './failures.js';

// The first retry may reach a server that is still shutting down.
const RETRIES = 2;
// A restarting server, or the backend of a lost connection that is still working, needs a moment.
const PAUSE_MS = 100;

/** Only for idempotent work. Throws the last error. */
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
