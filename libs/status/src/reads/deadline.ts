// A deadline for reads that wait until the status history is computed for the first time.
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#platform';
import type { Underway } from '../past/past-courses.js';

/** Shorter than the 60 s after which most clients and proxies give up without an explanation. */
const DEADLINE_MS = 50_000;
const RETRY_AFTER_SECONDS = '10';

/** Throws 503 if the history is still being computed at the deadline. The computation continues in the background. */
export async function withDeadline<T>(
  work: Promise<T>,
  underway: () => Underway | null,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const done = new AbortController();
  const timeout = sleep(deadlineMs, undefined, { signal: done.signal }).then(
    () => {
      const now = underway();
      // Work that takes long for another reason is awaited.
      return now === null ? work : Promise.reject(notYet(now));
    },
    () => work,
  );
  try {
    return await Promise.race([work, timeout]);
  } finally {
    done.abort();
  }
}

function notYet({ done, all }: Underway): Problem {
  return new Problem(
    503,
    'past-not-worked-out',
    `The status history is being computed, as after every rebuild of the facts: ${done} of ${all} time buckets. Try again.`,
    { headers: { 'retry-after': RETRY_AFTER_SECONDS } },
  );
}
