// Tells everybody who waits in this process that there are new alerts: one connection listens for all of them.
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import { Checkpoints } from '#projection';
import { AlertStore } from './alert-store.js';
import { ALERTS, ALERTS_CHANNEL } from './alerts-projection.js';
import { Bell } from './bell.js';

// What a lost connection did not hear is found by looking.
const LOOK_MS = 1_000;
// Until the partitions of other processes are as far; who looks on time finds what was not waited for.
const WHOLE_MS = 30_000;

@Injectable()
export class AlertSignal implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('alert-signal');
  readonly #sql: Sql;
  readonly #bells = new Set<Bell>();
  readonly #own = new Bell();
  #unlisten: (() => Promise<void>) | null = null;
  #looking: Promise<void> = Promise.resolve();
  /** The newest alert that was heard of; it is waited for while `#isWaiting`. */
  #heard = 0;
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
    this.#looking = this.#look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    this.#own.ring();
    await this.#looking;
    // The connection may be gone already; then there is nothing to leave.
    await this.#unlisten?.().catch(() => undefined);
  }

  /** Rings it at every new alert until it is taken off. Ringing once too often does no harm. */
  hang(bell: Bell): void {
    this.#bells.add(bell);
  }

  takeOff(bell: Bell): void {
    this.#bells.delete(bell);
  }

  /** Rings them all: there may be something to do. */
  ring(): void {
    this.#own.ring();
    for (const bell of this.#bells) bell.ring();
  }

  async #listen(): Promise<void> {
    const hear = (position: string): void => {
      this.#heard = Math.max(this.#heard, Number(position));
      if (!this.#isWaiting) void this.#ringWhenWhole();
    };
    const ring = (): void => {
      this.ring();
    };
    // Called again when a lost connection is back.
    const listening = await this.#sql.listen(ALERTS_CHANNEL, hear, ring);
    this.#unlisten = () => listening.unlisten();
  }

  /** What is heard of can be read as soon as nothing before it is missing. */
  async #ringWhenWhole(): Promise<void> {
    this.#isWaiting = true;
    let rungFor = 0;
    while (rungFor < this.#heard && !this.#isStopped) {
      rungFor = this.#heard;
      await this.checkpoints.isReached(ALERTS, rungFor, WHOLE_MS).catch(() => false);
      this.ring();
    }
    this.#isWaiting = false;
  }

  async #look(): Promise<void> {
    let seen = await this.alerts.newest().catch(() => 0);
    while (!this.#isStopped) {
      const heard = this.#own.rung;
      await this.#own.wait(heard, LOOK_MS);
      const newest = await this.alerts.newest().catch(() => seen);
      // Nobody called, and yet something is new: the ear is deaf.
      if (newest > seen && this.#own.rung === heard) await this.#listenAnew();
      seen = Math.max(seen, newest);
    }
  }

  async #listenAnew(): Promise<void> {
    this.ring();
    try {
      await this.#unlisten?.();
      await this.#listen();
    } catch (error) {
      this.#logger.warn(`cannot listen for alerts, looking every ${LOOK_MS} ms instead: ${String(error)}`);
    }
  }
}
