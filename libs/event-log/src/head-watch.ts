// Tells when the log has grown: at once for what this process writes, by polling for what others write.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from './event-log.js';

type Waiter = { readonly after: Position; readonly wake: () => void };

const POLL_MS = 20;

export class HeadWatch {
  #seen: Position = 0;
  readonly #waiters = new Set<Waiter>();
  #polling = false;

  constructor(private readonly readHead: () => Promise<Position>) {}

  /** The log is known to reach this far. */
  advanceTo(position: Position): void {
    if (position <= this.#seen) return;
    this.#seen = position;
    for (const waiter of this.#waiters) if (waiter.after < position) waiter.wake();
  }

  /** Resolves once the log has an event after `after`, or after `patienceMs`, or when aborted. */
  async waitForPositionAfter(after: Position, patienceMs: number, signal: AbortSignal): Promise<void> {
    if (this.#seen > after || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiters.delete(waiter);
        clearTimeout(patience);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter: Waiter = { after, wake };
      const patience = setTimeout(wake, patienceMs);
      signal.addEventListener('abort', wake, { once: true });
      this.#waiters.add(waiter);
      if (!this.#polling) void this.#poll();
    });
  }

  // Only while somebody waits. A poll that fails is as good as one that advanceTo nothing: readers meet the error themselves.
  async #poll(): Promise<void> {
    this.#polling = true;
    while (this.#waiters.size > 0) {
      this.advanceTo(await this.readHead().catch(() => 0));
      if (this.#waiters.size > 0) await sleep(POLL_MS, undefined, { ref: false });
    }
    this.#polling = false;
  }
}
