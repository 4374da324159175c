// What follows from a call that did not get through: when to try again, and when to stop and say so.
import type { Instant } from '#domain';
import type { CallOutcome } from '../webhook/webhook-client.js';
import { backoffMs, retryAfterMs } from './backoff.js';
import type { DeliveryFailure } from './delivery-store.js';

const OK_MIN = 200;
const OK_END = 300;
const GONE = 410;

// A receiver that nobody repairs for so long has been forgotten. Its alerts keep waiting, visibly.
const GIVE_UP_MS = 5 * 86_400_000;

export type Attempt = {
  readonly at: Instant;
  /** This one included. */
  readonly attempts: number;
  /** Since when nothing has got through before this attempt; null: this is the first failure. */
  readonly failingSince: Instant | null;
  /** 0..1 */
  readonly random: number;
};

export function isDelivered(outcome: CallOutcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= OK_MIN && outcome.status < OK_END;
}

/** `error`: what to show; else it is said of the status. */
export function failureOf(
  outcome: CallOutcome,
  { at, attempts, failingSince, random }: Attempt,
  error?: string,
): DeliveryFailure {
  const now = Date.parse(at);
  const wished = outcome.kind === 'answered' ? retryAfterMs(outcome.header('retry-after'), now) : 0;
  const status = outcome.kind === 'answered' ? outcome.status : null;
  const isForgotten = failingSince !== null && now - Date.parse(failingSince) >= GIVE_UP_MS;
  return {
    at,
    nextAttempt: new Date(now + Math.max(wished, backoffMs(attempts, random))).toISOString(),
    status,
    error: error ?? describeOutcome(outcome),
    pause: status === GONE ? 'gone' : isForgotten ? 'failing' : null,
  };
}

function describeOutcome(outcome: CallOutcome): string {
  if (outcome.kind === 'unreached') return outcome.error;
  const { status } = outcome;
  if (status >= 300 && status < 400)
    return `answered with ${status}; redirects are not followed, change the URL instead`;
  return `answered with ${status}`;
}
