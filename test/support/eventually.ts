// Polls for a condition, so that tests do not sleep for a fixed time.
const TIMEOUT_MS = 10_000;
const POLL_MS = 20;

/** Repeats `attempt` until it does not throw and returns its result. After the timeout it throws the last error. */
export async function eventually<T>(attempt: () => Promise<T> | T, timeoutMs: number = TIMEOUT_MS): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
