// Sends a notification after appends: the first one at once, then at most one per interval, whatever the rate of appends.
import { setTimeout as sleep } from 'node:timers/promises';

// Well below the time that a follower needs for a batch; a notification for each batch would cost intake some percent.
const INTERVAL_MS = 10;

export class AppendNotifier {
  #isPending = false;
  #sending: Promise<void> | null = null;

  constructor(private readonly notify: () => Promise<void>) {}

  appended(): void {
    this.#isPending = true;
    this.#sending ??= this.#send();
  }

  /** Resolves once nothing is being sent. */
  async idle(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  // A notification that fails is left to the fallback polling of the listeners.
  async #send(): Promise<void> {
    while (this.#isPending) {
      this.#isPending = false;
      await this.notify().catch(() => undefined);
      await sleep(INTERVAL_MS);
    }
    this.#sending = null;
  }
}
