// What follows from a failed call: when to retry, and when to pause the subscription.
import type { Instant } from '#domain';
import type { CallOutcome } from '../webhook/webhook-client.js';
import { backoffMs, retryAfterMs } from './backoff.js';
import type { DeliveryFailure } from './delivery-store.js';

const OK_MIN = 200;
const OK_END = 300;
const GONE = 410;

// A receiver that fails for this long is paused. Its alerts stay waiting, and health shows them.
const GIVE_UP_MS = 5 * 86_400_000;

export type Attempt = {
  readonly at: Instant;
  /** Including this one. */
  readonly attempts: number;
  /** Instant of the first failure since the last success; null: this is the first. */
  readonly failingSince: Instant | null;
  /** 0..1 */
  readonly random: number;
};

export function isDelivered(outcome: CallOutcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= OK_MIN && outcome.status < OK_END;
}

/** `error`: shown to the owner; by default it describes the outcome. */
export function failureOf(
  outcome: CallOutcome,
  { at, attempts, failingSince, random }: Attempt,
  error?: string,
): DeliveryFailure {
  const now = Date.parse(at);
  const retryAfter = outcome.kind === 'answered' ? retryAfterMs(outcome.header('retry-after'), now) : 0;
  const status = outcome.kind === 'answered' ? outcome.status : null;
  const isGivenUp = failingSince !== null && now - Date.parse(failingSince) >= GIVE_UP_MS;
  return {
    at,
    nextAttempt: new Date(now + Math.max(retryAfter, backoffMs(attempts, random))).toISOString(),
    status,
    error: error ?? describeOutcome(outcome),
    pause: status === GONE ? 'gone' : isGivenUp ? 'failing' : null,
  };
}

function describeOutcome(outcome: CallOutcome): string {
  if (outcome.kind === 'unreached') return outcome.error;
  const { status } = outcome;
  if (status >= 300 && status < 400)
    return `answered with ${status}; redirects are not followed, change the URL instead`;
  return `answered with ${status}`;
}
