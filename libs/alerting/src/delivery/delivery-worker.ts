// Brings alerts to webhooks: makes the rows, takes what is due, calls. Any number of them may run against one database.
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '#platform';
import { AlertSignal } from '../alert/alert-signal.js';
import { AlertStore } from '../alert/alert-store.js';
import { Bell } from '../alert/bell.js';
import { Chance } from '../chance.js';
import { WebhookClient } from '../webhook/webhook-client.js';
import { Courier } from './courier.js';
import { DeliveryStore, type Claim, type Lease } from './delivery-store.js';

const CONCURRENT_MAX = 16;
const LOOK_MS = 1_000;
// Longer than a call may take: a lease that runs out means that its worker is dead.
const LEASE_MS = 30_000;
// Then others get their turn.
const ALERTS_PER_CLAIM = 100;
const STOP_PATIENCE_MS = 3_000;
const FORGET_EVERY_MS = 3_600_000;
const REMEMBER_MS = 30 * 86_400_000;

/**
 * Alerts of one subscription go strictly in the order of their positions, one call at a time: the next one is sent
 * when the one before it was accepted. An alert may arrive twice (the answer was lost), with the same webhook-id.
 */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('deliveries');
  readonly #bell = new Bell();
  readonly #running = new Set<Promise<void>>();
  readonly #cut = new AbortController();
  #isStopped = false;
  #loop: Promise<void> = Promise.resolve();
  #forgetAtMs = 0;

  constructor(
    private readonly store: DeliveryStore,
    private readonly alerts: AlertStore,
    private readonly courier: Courier,
    private readonly client: WebhookClient,
    private readonly signal: AlertSignal,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  onApplicationBootstrap(): void {
    this.signal.hang(this.#bell);
    this.#loop = this.#run();
  }

  /** Calls that are under way may end; those that take too long are cut off and made again after the restart. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    this.signal.takeOff(this.#bell);
    this.#bell.ring();
    const patience = setTimeout(() => {
      this.#cut.abort();
    }, STOP_PATIENCE_MS);
    await this.#loop;
    await Promise.all(this.#running);
    clearTimeout(patience);
    await this.client.close();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const heard = this.#bell.rung;
      try {
        await this.#turn();
      } catch (error) {
        // The database is away, most likely. All that is known lies there, so nothing is lost by looking again.
        this.#logger.error(error);
      }
      await this.#bell.wait(heard, LOOK_MS);
    }
  }

  async #turn(): Promise<void> {
    const at = this.clock.now();
    const newest = await this.alerts.newest();
    for (const behind of await this.store.behind(newest)) await this.store.plan(behind, newest, at);
    const free = CONCURRENT_MAX - this.#running.size;
    const claims = free > 0 ? await this.store.claim(this.#lease(), free) : [];
    for (const claim of claims) this.#start(claim);
    if (Date.parse(at) >= this.#forgetAtMs) await this.#forget(Date.parse(at));
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
    const isAgreed = claim.confirmed || (await this.courier.shakeHands(claim, this.#cut.signal));
    const sent = isAgreed ? await this.#deliverWaiting(claim) : 0;
    await this.store.release(claim);
    // There may be more for it, or others could not be taken while all hands were full.
    if (sent > 0) this.#bell.ring();
  }

  async #deliverWaiting(claim: Claim): Promise<number> {
    for (let sent = 0; sent < ALERTS_PER_CLAIM; sent += 1) {
      if (this.#isStopped || !(await this.store.renew(claim, this.#lease().until))) return sent;
      const due = await this.store.head(claim, this.clock.now());
      if (due === null || !(await this.courier.deliver(claim, due, this.#cut.signal))) return sent;
    }
    return ALERTS_PER_CLAIM;
  }

  #lease(): Lease {
    const at = this.clock.now();
    return { token: this.chance.id(), at, until: new Date(Date.parse(at) + LEASE_MS).toISOString() };
  }

  async #forget(nowMs: number): Promise<void> {
    this.#forgetAtMs = nowMs + FORGET_EVERY_MS;
    await this.store.forget(new Date(nowMs - REMEMBER_MS).toISOString());
  }
}
