// A subscription: a webhook that receives alerts, and the state of its deliveries.
import type { Instant } from '#domain';
import type { AlertFilter } from '../alert/alert-filter.js';
import type { PauseReason } from '../delivery/delivery-store.js';

/** `pending`: the receiver has not accepted the handshake yet. Alerts wait for it, as they do for a paused one. */
export type SubscriptionState = 'pending' | 'active' | 'paused';

/** As in the API, without the secret. */
export type Subscription = {
  readonly id: string;
  readonly url: string;
  readonly filter: AlertFilter;
  readonly state: SubscriptionState;
  readonly pausedBecause: PauseReason | null;
  readonly createdAt: Instant;
  /** Alerts up to this log position are delivered or have a waiting delivery. */
  readonly position: number;
  readonly handshake: {
    readonly confirmedAt: Instant | null;
    readonly attempts: number;
    readonly nextAttempt: Instant | null;
    readonly lastError: string | null;
  };
  readonly deliveries: { readonly waiting: number; readonly oldest: Instant | null };
  readonly failingSince: Instant | null;
};

/** A subscription with what the routes need to authorize and compare. */
export type StoredSubscription = {
  readonly subscription: Subscription;
  /** A pseudonym. */
  readonly owner: string;
  readonly fingerprint: string;
  readonly version: number;
};

export type NewSubscription = {
  readonly id: string;
  readonly owner: string;
  readonly fingerprint: string;
  readonly url: string;
  readonly filter: AlertFilter;
  readonly secret: string;
  readonly at: Instant;
  readonly position: number;
};

export type SubscriptionChange = {
  readonly url: string | null;
  readonly filter: AlertFilter | null;
  readonly paused: boolean | null;
};
