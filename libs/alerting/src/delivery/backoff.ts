// When to retry: exponential backoff with jitter, so that deliveries that failed together do not retry together.
const FIRST_MS = 1_000;
const LONGEST_MS = 10 * 60_000;
const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

/**
 * Between 50 % and 100 % of 1, 2, 4, ... s, at most 10 min.
 * `attempts`: failed attempts so far, from 1. `random` in 0..1.
 */
export function backoffMs(attempts: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.round(longest / 2 + (longest / 2) * random);
}

/** Retry-After of the receiver (RFC 9110: seconds or a date), at most a day; 0 without one. */
export function retryAfterMs(header: string | null, nowMs: number): number {
  if (header === null) return 0;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), RETRY_AFTER_MAX_MS) : 0;
}
