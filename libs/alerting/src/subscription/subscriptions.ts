// What owners do with their subscriptions. Rows, not events: nobody else's view rests on them.
import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { Clock, Problem, Pseudonyms, type Caller } from '#platform';
import { Registry } from '#registry';
import { requireKnownNames } from '../alert/alert-filter.js';
import { AlertNotifications } from '../alert/alert-notifications.js';
import { Random } from '../random.js';
import { DeliverySender, type TestOutcome } from '../delivery/delivery-sender.js';
import { secretOf, SECRET_BYTES } from '../webhook/signature.js';
import { RefusedAddress, WebhookClient } from '../webhook/webhook-client.js';
import { LIVE_SECRETS_MAX, SecretStore } from '../delivery/secret-store.js';
import { SubscriptionStore, type SubscriptionCursor } from './subscription-store.js';
import type { ChangeSubscription, CreateSubscription } from './subscription.schema.js';
import type { StoredSubscription } from './subscription.js';

const SUBSCRIPTIONS_MAX = 100;
const FILTER_POINTERS = { regions: '/filter/regions', lenses: '/filter/lenses' };
const OLD_SECRET_MS = 24 * 3_600_000;

/** `secret` is null once anything signed has reached the receiver. */
export type CreatedSubscription = {
  readonly isNew: boolean;
  readonly kept: StoredSubscription;
  readonly secret: string | null;
};

@Injectable()
export class Subscriptions {
  constructor(
    private readonly store: SubscriptionStore,
    private readonly secrets: SecretStore,
    private readonly client: WebhookClient,
    private readonly courier: DeliverySender,
    private readonly signal: AlertNotifications,
    private readonly registry: Registry,
    private readonly log: EventLog,
    private readonly pseudonyms: Pseudonyms,
    private readonly clock: Clock,
    private readonly chance: Random,
  ) {}

  /**
   * A repeat answers what the first answered. Its secret is told again as long as nothing signed has arrived there,
   * for a lost answer; from then on the receiver has it, or its owner rotates it.
   */
  async create(caller: Caller, body: CreateSubscription): Promise<CreatedSubscription> {
    const asked = { ...body, id: body.id.toLowerCase() };
    const owner = this.pseudonyms.monitor(caller.handle);
    const fingerprint = this.pseudonyms.fingerprint(asked);
    const before = await this.store.find(asked.id);
    if (before) return this.#repeatOf(before, owner, fingerprint);
    await this.#requireCallable(asked.url);
    await requireKnownNames(asked.filter, this.registry, FILTER_POINTERS);
    if ((await this.store.countOf(owner)) >= SUBSCRIPTIONS_MAX) throw tooMany();
    const secret = secretOf(this.chance.bytes(SECRET_BYTES));
    const { position } = await this.log.head();
    const { id, url, filter } = asked;
    const fresh = { id, owner, fingerprint, url, filter, secret, at: this.clock.now(), position };
    const isNew = await this.store.insert(fresh);
    const kept = await this.#found(id);
    // Somebody was faster with the same id.
    if (!isNew) return this.#repeatOf(kept, owner, fingerprint);
    this.signal.notifyAll();
    return { isNew, kept, secret };
  }

  /** Operators see everybody's. */
  async list(caller: Caller, after: SubscriptionCursor | null, limit: number): Promise<readonly StoredSubscription[]> {
    const owner = caller.roles.includes('operator') ? null : this.pseudonyms.monitor(caller.handle);
    return this.store.list(owner, after, limit);
  }

  /** Problem 404 where there is none, or it is not the caller's to see. */
  async get(caller: Caller, id: string): Promise<StoredSubscription> {
    const kept = await this.#found(id);
    if (caller.roles.includes('operator') || kept.owner === this.pseudonyms.monitor(caller.handle)) return kept;
    throw unknown();
  }

  /** `version`: what the caller has read; null: whatever it is. */
  async change(
    caller: Caller,
    id: string,
    change: ChangeSubscription,
    version: number | null,
  ): Promise<StoredSubscription> {
    const { url = null, filter = null, paused = null } = change;
    await this.get(caller, id);
    if (url !== null) await this.#requireCallable(url);
    if (filter !== null) await requireKnownNames(filter, this.registry, FILTER_POINTERS);
    const isDone = await this.store.change(id, { url, filter, paused }, this.clock.now(), version);
    const kept = await this.get(caller, id);
    if (!isDone) throw new Problem(412, 'stale-version', 'It has changed since you read it: read it again.');
    this.signal.notifyAll();
    return kept;
  }

  async remove(caller: Caller, id: string): Promise<StoredSubscription> {
    const kept = await this.get(caller, id);
    await this.store.remove(id);
    return kept;
  }

  async test(caller: Caller, id: string): Promise<TestOutcome> {
    const { subscription } = await this.get(caller, id);
    return this.courier.test(id, subscription.url, subscription.handshake.confirmedAt !== null);
  }

  async rotate(caller: Caller, id: string): Promise<{ readonly secret: string; readonly oldUntil: string }> {
    await this.get(caller, id);
    const at = this.clock.now();
    const oldUntil = new Date(Date.parse(at) + OLD_SECRET_MS).toISOString();
    const secret = secretOf(this.chance.bytes(SECRET_BYTES));
    if (await this.secrets.rotate(id, secret, at, oldUntil)) return { secret, oldUntil };
    throw new Problem(
      409,
      'too-many-secrets',
      `${String(LIVE_SECRETS_MAX)} secrets sign at this time, or another rotation is under way; an old one expires after 24 hours.`,
    );
  }

  async replay(caller: Caller, id: string, from: number): Promise<number> {
    await this.get(caller, id);
    const position = await this.store.replay(id, from);
    if (position === null) throw unknown();
    this.signal.notifyAll();
    return position;
  }

  async #repeatOf(kept: StoredSubscription, owner: string, fingerprint: string): Promise<CreatedSubscription> {
    if (kept.owner !== owner || kept.fingerprint !== fingerprint)
      throw new Problem(409, 'id-reused', 'This id belongs to a subscription with other content; make a new one.');
    const [secret = null] = kept.secretArrived ? [] : await this.secrets.live(kept.subscription.id, this.clock.now());
    return { isNew: false, kept, secret };
  }

  async #found(id: string): Promise<StoredSubscription> {
    const kept = await this.store.find(id);
    if (kept) return kept;
    throw unknown();
  }

  async #requireCallable(text: string): Promise<void> {
    try {
      await this.client.check(new URL(text));
    } catch (error) {
      if (!(error instanceof RefusedAddress)) throw error;
      const detail = `${error.message}; only https to public addresses is called, and what the operator allows`;
      throw new Problem(400, 'malformed', `/url: ${detail}`, {
        errors: [{ pointer: '/url', code: 'refused_address', detail }],
      });
    }
  }
}

function unknown(): Problem {
  return new Problem(404, 'unknown-subscription', 'There is no subscription with this id, or it is not yours.');
}

function tooMany(): Problem {
  return new Problem(
    409,
    'too-many-subscriptions',
    `You have ${String(SUBSCRIPTIONS_MAX)} subscriptions; delete one, or widen the filter of one.`,
  );
}
