// Tells everybody who waits in this process that there are new alerts: one connection listens for all of them.
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import { Checkpoints } from '#projection';
import { AlertStore } from './alert-store.js';
import { ALERTS, ALERTS_CHANNEL } from './alerts-projection.js';
import { Signal } from './signal.js';

// What a lost connection did not hear is found by looking.
const POLL_MS = 1_000;
// Until the partitions of other processes are as far; who looks on time finds what was not waited for.
const COMPLETE_TIMEOUT_MS = 30_000;

@Injectable()
export class AlertNotifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('alert-signal');
  readonly #sql: Sql;
  readonly #subscribers = new Set<Signal>();
  readonly #own = new Signal();
  #unlisten: (() => Promise<void>) | null = null;
  #polling: Promise<void> = Promise.resolve();
  /** The newest alert that was heard of; it is waited for while `#isWaiting`. */
  #newestNotified = 0;
  #isWaiting = false;
  #isStopped = false;

  constructor(
    databases: Databases,
    private readonly alerts: AlertStore,
    private readonly checkpoints: Checkpoints,
  ) {
    this.#sql = databases.analysis;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#listen();
    this.#polling = this.#poll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    this.#own.notify();
    await this.#polling;
    // The connection may be gone already; then there is nothing to leave.
    await this.#unlisten?.().catch(() => undefined);
  }

  /** Rings it at every new alert until it is taken off. Ringing once too often does no harm. */
  subscribe(bell: Signal): void {
    this.#subscribers.add(bell);
  }

  unsubscribe(bell: Signal): void {
    this.#subscribers.delete(bell);
  }

  /** Rings them all: there may be something to do. */
  notifyAll(): void {
    this.#own.notify();
    for (const bell of this.#subscribers) bell.notify();
  }

  async #listen(): Promise<void> {
    const hear = (position: string): void => {
      this.#newestNotified = Math.max(this.#newestNotified, Number(position));
      if (!this.#isWaiting) void this.#notifyWhenComplete();
    };
    const ring = (): void => {
      this.notifyAll();
    };
    // Called again when a lost connection is back.
    const listening = await this.#sql.listen(ALERTS_CHANNEL, hear, ring);
    this.#unlisten = () => listening.unlisten();
  }

  /** What is heard of can be read as soon as nothing before it is missing. */
  async #notifyWhenComplete(): Promise<void> {
    this.#isWaiting = true;
    let rungFor = 0;
    while (rungFor < this.#newestNotified && !this.#isStopped) {
      rungFor = this.#newestNotified;
      await this.checkpoints.isReached(ALERTS, rungFor, COMPLETE_TIMEOUT_MS).catch(() => false);
      this.notifyAll();
    }
    this.#isWaiting = false;
  }

  async #poll(): Promise<void> {
    let seen = await this.alerts.newest().catch(() => 0);
    while (!this.#isStopped) {
      const heard = this.#own.count;
      await this.#own.wait(heard, POLL_MS);
      const newest = await this.alerts.newest().catch(() => seen);
      // Nobody called, and yet something is new: the ear is deaf.
      if (newest > seen && this.#own.count === heard) await this.#reconnect();
      seen = Math.max(seen, newest);
    }
  }

  async #reconnect(): Promise<void> {
    this.notifyAll();
    try {
      await this.#unlisten?.();
      await this.#listen();
    } catch (error) {
      this.#logger.warn(`cannot listen for alerts, looking every ${POLL_MS} ms instead: ${String(error)}`);
    }
  }
}
