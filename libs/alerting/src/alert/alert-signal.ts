// Tells everybody who waits in this process that there are new alerts: one connection listens for all of them.
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import { ALERTS_CHANNEL } from './alerts-projection.js';

@Injectable()
export class AlertSignal implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sql: Sql;
  readonly #waiting = new Set<() => void>();
  #unlisten: (() => Promise<void>) | null = null;
  #count = 0;

  constructor(databases: Databases) {
    this.#sql = databases.analysis;
  }

  async onApplicationBootstrap(): Promise<void> {
    const wake = (): void => {
      this.wake();
    };
    // Also called when a lost connection is back: what was said in between was not heard.
    const { unlisten } = await this.#sql.listen(ALERTS_CHANNEL, wake, wake);
    this.#unlisten = unlisten;
  }

  async beforeApplicationShutdown(): Promise<void> {
    // The connection may be gone already; then there is nothing to leave.
    await this.#unlisten?.().catch(() => undefined);
  }

  wake(): void {
    this.#count += 1;
    for (const resume of this.#waiting) resume();
  }

  /** How often it has called. Ask before reading, then wait for the next call: what comes in between is not lost. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when it has called more than `count` times, or after `patienceMs`, or when aborted. */
  next(count: number, patienceMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || count !== this.#count || patienceMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', resume);
        this.#waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, patienceMs);
      signal.addEventListener('abort', resume);
      this.#waiting.add(resume);
    });
  }
}
