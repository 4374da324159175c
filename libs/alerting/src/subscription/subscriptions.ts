// The operations on subscriptions. They are rows, not events, because nothing else is derived from them.
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

/** Without `secret` for a repeated request: it is shown once. */
export type CreatedSubscription = {
  readonly isNew: boolean;
  readonly stored: StoredSubscription;
  readonly secret?: string;
};

@Injectable()
export class Subscriptions {
  constructor(
    private readonly store: SubscriptionStore,
    private readonly secrets: SecretStore,
    private readonly client: WebhookClient,
    private readonly sender: DeliverySender,
    private readonly notifications: AlertNotifications,
    private readonly registry: Registry,
    private readonly log: EventLog,
    private readonly pseudonyms: Pseudonyms,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * A repeated request gets the answer of the first without its secret. Where that answer was lost, the owner rotates
   * the secret.
   */
  async create(caller: Caller, body: CreateSubscription): Promise<CreatedSubscription> {
    const request = { ...body, id: body.id.toLowerCase() };
    const owner = this.pseudonyms.monitor(caller.handle);
    const fingerprint = this.pseudonyms.fingerprint(request);
    const existing = await this.store.find(request.id);
    if (existing) return this.#repeatOf(existing, owner, fingerprint);
    await this.#requireCallable(request.url);
    await requireKnownNames(request.filter, this.registry, FILTER_POINTERS);
    if ((await this.store.countOf(owner)) >= SUBSCRIPTIONS_MAX) throw tooMany();
    const secret = secretOf(this.random.bytes(SECRET_BYTES));
    const { position } = await this.log.head();
    const { id, url, filter } = request;
    const subscription = { id, owner, fingerprint, url, filter, secret, at: this.clock.now(), position };
    const isNew = await this.store.insert(subscription);
    const stored = await this.#find(id);
    // A concurrent request inserted the same id first.
    if (!isNew) return this.#repeatOf(stored, owner, fingerprint);
    this.notifications.notifyAll();
    return { isNew, stored, secret };
  }

  /** Operators see the subscriptions of everybody. */
  async list(caller: Caller, after: SubscriptionCursor | null, limit: number): Promise<readonly StoredSubscription[]> {
    const owner = caller.roles.includes('operator') ? null : this.pseudonyms.monitor(caller.handle);
    return this.store.list(owner, after, limit);
  }

  /** Throws Problem 404 where it does not exist or the caller may not see it. */
  async get(caller: Caller, id: string): Promise<StoredSubscription> {
    const stored = await this.#find(id);
    if (caller.roles.includes('operator') || stored.owner === this.pseudonyms.monitor(caller.handle)) return stored;
    throw unknown();
  }

  /** `version`: the one that the caller has read; null: any version. */
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
    const stored = await this.get(caller, id);
    if (!isDone)
      throw new Problem(412, 'stale-version', 'The subscription has changed since you read it: read it again.');
    this.notifications.notifyAll();
    return stored;
  }

  async remove(caller: Caller, id: string): Promise<StoredSubscription> {
    const stored = await this.get(caller, id);
    await this.store.remove(id);
    return stored;
  }

  async test(caller: Caller, id: string): Promise<TestOutcome> {
    const { subscription } = await this.get(caller, id);
    return this.sender.test(id, subscription.url, subscription.handshake.confirmedAt !== null);
  }

  async rotate(caller: Caller, id: string): Promise<{ readonly secret: string; readonly oldUntil: string }> {
    await this.get(caller, id);
    const at = this.clock.now();
    const oldUntil = new Date(Date.parse(at) + OLD_SECRET_MS).toISOString();
    const secret = secretOf(this.random.bytes(SECRET_BYTES));
    if (await this.secrets.rotate(id, secret, at, oldUntil)) return { secret, oldUntil };
    throw new Problem(
      409,
      'too-many-secrets',
      `${String(LIVE_SECRETS_MAX)} secrets are valid now, or another rotation is in progress; an old one expires after 24 hours.`,
    );
  }

  async replay(caller: Caller, id: string, from: number): Promise<number> {
    await this.get(caller, id);
    const position = await this.store.replay(id, from);
    if (position === null) throw unknown();
    this.notifications.notifyAll();
    return position;
  }

  #repeatOf(stored: StoredSubscription, owner: string, fingerprint: string): CreatedSubscription {
    if (stored.owner !== owner || stored.fingerprint !== fingerprint)
      throw new Problem(409, 'id-reused', 'This id belongs to a subscription with different content: use a new id.');
    return { isNew: false, stored };
  }

  async #find(id: string): Promise<StoredSubscription> {
    const stored = await this.store.find(id);
    if (stored) return stored;
    throw unknown();
  }

  async #requireCallable(text: string): Promise<void> {
    try {
      await this.client.check(new URL(text));
    } catch (error) {
      if (!(error instanceof RefusedAddress)) throw error;
      const detail = `${error.message}; deliveries go to public addresses over https, and to addresses that the operator allows`;
      throw new Problem(400, 'malformed', `/url: ${detail}`, {
        errors: [{ pointer: '/url', code: 'refused_address', detail }],
      });
    }
  }
}

function unknown(): Problem {
  return new Problem(
    404,
    'unknown-subscription',
    'There is no subscription with this id, or it belongs to somebody else.',
  );
}

function tooMany(): Problem {
  return new Problem(
    409,
    'too-many-subscriptions',
    `You have ${String(SUBSCRIPTIONS_MAX)} subscriptions; delete one, or extend the filter of one.`,
  );
}
