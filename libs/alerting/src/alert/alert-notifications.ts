// Notifies everything that waits for new alerts in this process, by way of one LISTEN connection.
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import { Checkpoints } from '#projection';
import { AlertStore } from './alert-store.js';
import { ALERTS } from './alerts-projection.js';
import { ALERTS_CHANNEL } from './insert-alerts.sql.js';
import { Signal } from './signal.js';

// Polling finds what a lost listener connection missed.
const POLL_MS = 1_000;
// Longest wait until the partitions of other processes have caught up; polling finds what comes later.
const COMPLETE_TIMEOUT_MS = 30_000;

@Injectable()
export class AlertNotifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('alert-signal');
  readonly #sql: Sql;
  readonly #subscribers = new Set<Signal>();
  readonly #own = new Signal();
  #unlisten: (() => Promise<void>) | null = null;
  #polling: Promise<void> = Promise.resolve();
  /** Position of the newest alert that PostgreSQL notified; waited for while `#isWaiting`. */
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
    // The connection may be closed already.
    await this.#unlisten?.().catch(() => undefined);
  }

  /** Notifies `signal` of every new alert until it is unsubscribed. It may be notified when nothing is new. */
  subscribe(signal: Signal): void {
    this.#subscribers.add(signal);
  }

  unsubscribe(signal: Signal): void {
    this.#subscribers.delete(signal);
  }

  /** For changes that PostgreSQL does not notify, such as a new subscription. */
  notifyAll(): void {
    this.#own.notify();
    for (const signal of this.#subscribers) signal.notify();
  }

  async #listen(): Promise<void> {
    const onNotify = (position: string): void => {
      this.#newestNotified = Math.max(this.#newestNotified, Number(position));
      if (!this.#isWaiting) void this.#notifyWhenComplete();
    };
    // Also called when a lost connection is back.
    const onConnected = (): void => {
      this.notifyAll();
    };
    const listening = await this.#sql.listen(ALERTS_CHANNEL, onNotify, onConnected);
    this.#unlisten = () => listening.unlisten();
  }

  /** A notified alert can be read once no alert before it is missing. */
  async #notifyWhenComplete(): Promise<void> {
    this.#isWaiting = true;
    let handled = 0;
    while (handled < this.#newestNotified && !this.#isStopped) {
      handled = this.#newestNotified;
      await this.checkpoints.isReached(ALERTS, handled, COMPLETE_TIMEOUT_MS).catch(() => false);
      this.notifyAll();
    }
    this.#isWaiting = false;
  }

  async #poll(): Promise<void> {
    let seen = await this.alerts.newest().catch(() => 0);
    while (!this.#isStopped) {
      const count = this.#own.count;
      await this.#own.wait(count, POLL_MS);
      const newest = await this.alerts.newest().catch(() => seen);
      // A new alert without a notification: the listener connection is broken.
      if (newest > seen && this.#own.count === count) await this.#reconnect();
      seen = Math.max(seen, newest);
    }
  }

  async #reconnect(): Promise<void> {
    this.notifyAll();
    try {
      await this.#unlisten?.();
      await this.#listen();
    } catch (error) {
      this.#logger.warn(`cannot LISTEN for alerts, polling every ${POLL_MS} ms instead: ${String(error)}`);
    }
  }
}
