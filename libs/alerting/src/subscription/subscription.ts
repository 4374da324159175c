// A subscription: a receiver that wants to be called, and how it is doing.
import type { Instant } from '#domain';
import type { AlertFilter } from '../alert/alert-filter.js';

/** `asked`: by its owner; `gone`: the receiver answered 410; `failing`: nothing got through for days. */
export type PauseReason = 'asked' | 'gone' | 'failing';

/** `pending`: the receiver has not yet agreed to be called. Alerts wait for it, as they do for a paused one. */
export type SubscriptionState = 'pending' | 'active' | 'paused';

/** As answered. The secret is no part of it. */
export type Subscription = {
  readonly id: string;
  readonly url: string;
  readonly filter: AlertFilter;
  readonly state: SubscriptionState;
  readonly pausedBecause: PauseReason | null;
  readonly createdAt: Instant;
  /** Alerts up to this log position have been delivered or wait to be. */
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

/** What the routes need to know besides. */
export type StoredSubscription = {
  readonly subscription: Subscription;
  /** A pseudonym. */
  readonly owner: string;
  readonly fingerprint: string;
  readonly version: number;
  /** Whether anything signed has reached the receiver. */
  readonly secretArrived: boolean;
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
