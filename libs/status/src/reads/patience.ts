// How long a reader waits while the past is worked out for the first time, and what it is told then.
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#platform';
import type { Underway } from '../past/past-courses.js';

/** Shorter than the minute after which most clients and proxies give up, and are told nothing. */
const PATIENCE_MS = 50_000;
const RETRY_AFTER_SECONDS = '10';

/** Throws 503 where the past is still being worked out then; that goes on, and whoever asks again finds it further. */
export async function patiently<T>(
  work: Promise<T>,
  underway: () => Underway | null,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const done = new AbortController();
  const tired = sleep(patienceMs, undefined, { signal: done.signal }).then(
    () => {
      const now = underway();
      // What takes so long for another reason is waited for.
      return now === null ? work : Promise.reject(notYet(now));
    },
    () => work,
  );
  try {
    return await Promise.race([work, tired]);
  } finally {
    done.abort();
  }
}

function notYet({ done, all }: Underway): Problem {
  return new Problem(
    503,
    'past-not-worked-out',
    `The past is being worked out, as after every rebuild of the facts: ${done} of ${all} chapters. Ask again.`,
    { headers: { 'retry-after': RETRY_AFTER_SECONDS } },
  );
}
