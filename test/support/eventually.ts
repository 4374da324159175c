// Waits for a fact, not for a time.
const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

/** Tries until nothing is thrown, and hands on the result. Fails with the last error's own message, not with a time-out. */
export async function eventually<T>(attempt: () => Promise<T> | T, patienceMs: number = PATIENCE_MS): Promise<T> {
  for (const giveUpAt = Date.now() + patienceMs; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
