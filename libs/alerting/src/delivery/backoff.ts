// When to try again. Doubling, with chance, so that the receivers of one outage do not all come back at once.
const FIRST_MS = 1_000;
const LONGEST_MS = 10 * 60_000;
const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

/** `attempts`: failed so far, from 1. `chance` in 0..1. Between half and the whole of 1, 2, 4, ... s, up to 10 min. */
export function backoffMs(attempts: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.round(whole / 2 + (whole / 2) * chance);
}

/** The receiver's own wish (RFC 9110: seconds or a date), at most a day; 0 where it has none. */
export function retryAfterMs(header: string | null, nowMs: number): number {
  if (header === null) return 0;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), RETRY_AFTER_MAX_MS) : 0;
}
