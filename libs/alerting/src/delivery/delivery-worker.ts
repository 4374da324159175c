// Delivers alerts to webhooks: plans rows, leases what is due, sends. Several workers may share one database.
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '#platform';
import { AlertNotifications } from '../alert/alert-notifications.js';
import { AlertStore } from '../alert/alert-store.js';
import { Signal } from '../alert/signal.js';
import { Random } from '../random.js';
import { WebhookClient } from '../webhook/webhook-client.js';
import { DeliverySender } from './delivery-sender.js';
import { DeliveryStore, type Claim, type DeliveryLease } from './delivery-store.js';

const CONCURRENT_MAX = 16;
const POLL_MS = 1_000;
// Longer than a call may take: an expired lease means that its worker is dead.
const LEASE_MS = 30_000;
// Then the lease is given up, so that other subscriptions are served too.
const ALERTS_PER_CLAIM = 100;
const STOP_TIMEOUT_MS = 3_000;
const DELETE_EVERY_MS = 3_600_000;
const RETENTION_MS = 30 * 86_400_000;

/**
 * Alerts of one subscription are sent in the order of their positions, one at a time: the next one is sent once the one
 * before it was accepted. An alert may arrive twice (when the answer was lost), with the same webhook-id.
 */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('deliveries');
  readonly #signal = new Signal();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #isStopped = false;
  #loop: Promise<void> = Promise.resolve();
  #deleteOldAtMs = 0;

  constructor(
    private readonly store: DeliveryStore,
    private readonly alerts: AlertStore,
    private readonly sender: DeliverySender,
    private readonly client: WebhookClient,
    private readonly signal: AlertNotifications,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  onApplicationBootstrap(): void {
    this.signal.subscribe(this.#signal);
    this.#loop = this.#runLoop();
  }

  /** Lets calls in progress finish; those that take too long are aborted and sent again after the restart. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    this.signal.unsubscribe(this.#signal);
    this.#signal.notify();
    const timeout = setTimeout(() => {
      this.#abort.abort();
    }, STOP_TIMEOUT_MS);
    await this.#loop;
    await Promise.all(this.#running);
    clearTimeout(timeout);
    await this.client.close();
  }

  async #runLoop(): Promise<void> {
    while (!this.#isStopped) {
      const seen = this.#signal.count;
      try {
        await this.#runOnce();
      } catch (error) {
        // Most likely the database is unavailable. All state is there, so retrying loses nothing.
        this.#logger.error(error);
      }
      await this.#signal.wait(seen, POLL_MS);
    }
  }

  async #runOnce(): Promise<void> {
    const at = this.clock.now();
    const newest = await this.alerts.newest();
    for (const subscription of await this.store.unplanned(newest)) await this.store.plan(subscription, newest, at);
    const free = CONCURRENT_MAX - this.#running.size;
    const claims = free > 0 ? await this.store.claim(this.#lease(), free) : [];
    for (const claim of claims) this.#start(claim);
    if (Date.parse(at) >= this.#deleteOldAtMs) await this.#deleteOld(Date.parse(at));
  }

  #start(claim: Claim): void {
    const job = this.#serve(claim)
      .catch((error: unknown) => {
        this.#logger.error(error);
      })
      .finally(() => {
        this.#running.delete(job);
      });
    this.#running.add(job);
  }

  async #serve(claim: Claim): Promise<void> {
    const isAgreed = claim.confirmed || (await this.sender.handshake(claim, this.#abort.signal));
    const sent = isAgreed ? await this.#deliverWaiting(claim) : 0;
    await this.store.release(claim);
    // It may have more deliveries, or others could not be leased while all slots were in use.
    if (sent > 0) this.#signal.notify();
  }

  async #deliverWaiting(claim: Claim): Promise<number> {
    for (let sent = 0; sent < ALERTS_PER_CLAIM; sent += 1) {
      if (this.#isStopped || !(await this.store.renew(claim, this.#lease().until))) return sent;
      const due = await this.store.nextDue(claim, this.clock.now());
      if (due === null || !(await this.sender.deliver(claim, due, this.#abort.signal))) return sent;
    }
    return ALERTS_PER_CLAIM;
  }

  #lease(): DeliveryLease {
    const at = this.clock.now();
    return { token: this.random.id(), at, until: new Date(Date.parse(at) + LEASE_MS).toISOString() };
  }

  async #deleteOld(nowMs: number): Promise<void> {
    this.#deleteOldAtMs = nowMs + DELETE_EVERY_MS;
    await this.store.deleteDelivered(new Date(nowMs - RETENTION_MS).toISOString());
  }
}
