// Instants as whole seconds, and the calendar of Asia/Damascus, which defines the days of the rules.
import type { Instant, Seconds, TimePrecision } from './vocabulary.js';

export const HOUR = 3_600;
export const DAY = 24 * HOUR;
const MINUTE = 60;
const DAYS_A_WEEK = 7;

/** Whole seconds since 1970 of an RFC 3339 instant; fractions of a second are truncated. */
export function secondsOf(instant: Instant): Seconds {
  const milliseconds = Date.parse(instant);
  if (Number.isNaN(milliseconds)) throw new Error(`not an RFC 3339 instant: ${instant}`);
  return Math.floor(milliseconds / 1000);
}

/** RFC 3339 in UTC, without a fraction: `2016-12-29T22:00:00Z`. */
export function instantOf(seconds: Seconds): Instant {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** The calendar day in Damascus, `YYYY-MM-DD`. */
export function damascusDay(at: Seconds): string {
  return new Date(damascusDayNumber(at) * DAY * 1000).toISOString().slice(0, 10);
}

/** The same day as a number that grows by one each day. Cheaper than the text when days are only compared. */
export function damascusDayNumber(at: Seconds): number {
  return Math.floor((at + offsetAt(at)) / DAY);
}

/** The first instant of a Damascus day, `YYYY-MM-DD`. On the day that summer time begins, it is 01:00 local time. */
export function startOfDamascusDay(day: string): Seconds {
  return instantOfWallClock(secondsOf(`${day}T00:00:00Z`));
}

/** One unit later in local time: a day may last 23 or 25 hours, and 31 January plus a month is 28 February. */
export function oneUnitLater(at: Seconds, unit: TimePrecision): Seconds {
  switch (unit) {
    case 'minute':
      return at + MINUTE;
    case 'hour':
      return at + HOUR;
    case 'day':
      return instantOfWallClock(wallClock(at) + DAY);
    case 'week':
      return instantOfWallClock(wallClock(at) + DAYS_A_WEEK * DAY);
    case 'month':
      return instantOfWallClock(oneMonthLater(wallClock(at)));
  }
}

/** Damascus local time as if it were UTC. The first instant of a day reads midnight even when the clock skips midnight. */
function wallClock(at: Seconds): Seconds {
  const midnight = damascusDayNumber(at) * DAY;
  return instantOfWallClock(midnight) === at ? midnight : at + offsetAt(at);
}

function oneMonthLater(reading: Seconds): Seconds {
  const date = new Date(reading * 1000);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 2, 0); // the last day of the next month
  date.setUTCDate(Math.min(dayOfMonth, date.getUTCDate()));
  return date.getTime() / 1000;
}

/** An ambiguous local time means its first occurrence; a skipped one means the same distance after the jump. */
function instantOfWallClock(reading: Seconds): Seconds {
  const before = offsetAt(reading - DAY);
  const after = offsetAt(reading + DAY);
  const early = reading - before;
  if (before === after || offsetAt(early) === before) return early;
  const late = reading - after;
  return offsetAt(late) === after ? late : early;
}

/** Seconds by which Damascus is ahead of UTC. */
function offsetAt(at: Seconds): number {
  const { before, after, switchAt } = offsetsOfDay(Math.floor(at / DAY));
  return at < switchAt ? before : after;
}

type DayOffsets = { readonly before: number; readonly after: number; readonly switchAt: Seconds };

// Intl takes microseconds per call and the assessment asks for every incident, so the offsets of a UTC day are cached.
const MEASURED_DAYS_MAX = 50_000;
const measuredDays = new Map<number, DayOffsets>();

function offsetsOfDay(day: number): DayOffsets {
  const known = measuredDays.get(day);
  if (known) return known;
  const found = measureDay(day);
  if (measuredDays.size >= MEASURED_DAYS_MAX) measuredDays.clear();
  measuredDays.set(day, found);
  return found;
}

function measureDay(day: number): DayOffsets {
  const before = measuredOffset(day * DAY);
  const after = measuredOffset((day + 1) * DAY);
  if (before === after) return { before, after, switchAt: day * DAY };
  let [low, high] = [day * DAY, (day + 1) * DAY];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (measuredOffset(middle) === before) low = middle;
    else high = middle;
  }
  return { before, after, switchAt: high };
}

const OFFSET_FORMAT = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Damascus', timeZoneName: 'longOffset' });

function measuredOffset(at: Seconds): number {
  const parts = OFFSET_FORMAT.formatToParts(at * 1000);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const size = Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE + Number(seconds ?? 0);
  return sign === '-' ? -size : size;
}
