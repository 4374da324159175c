// Schemas of members that many requests share: text, codes, ids, instants, positions, spans.
import { instantOf, oneUnitLater, startOfDamascusDay, type Instant } from '#domain';
import { z } from 'zod';

const NAME_MAX = 200;
const CODE_MAX = 80;
const EARLIEST = Date.parse('1900-01-01T00:00:00Z');

// Lone surrogates and NUL: JSON can express them, PostgreSQL cannot store them.
const UNSTORABLE = /[\p{Surrogate}\0]/u;

export function text(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !UNSTORABLE.test(value), 'must be well-formed text without NUL characters');
}

export const name = text(NAME_MAX);

/** The code of an actor, a region or an organisation. Whether it is registered is checked later. */
export const code = text(CODE_MAX);

/** Created by the client before its first attempt and reused for retries. */
export const uuid = z
  .uuid()
  .toLowerCase()
  .meta({ examples: ['01941b7e-8a00-7000-8000-000000000001'] });

/** RFC 3339 with offset; converted to UTC. A leap second is read as the second before it. */
export const instant = z
  .string()
  .overwrite(asIsoDatetime)
  .check(z.iso.datetime({ offset: true }))
  .refine((value) => Date.parse(value) >= EARLIEST, 'must not be before 1900')
  .transform(inUtc)
  .meta({ examples: ['2017-01-15T10:00:00Z'] });

/** ISO 8601 as zod and Date accept it: RFC 3339 also allows lower-case letters and the second 60 of a leap second. */
function asIsoDatetime(value: string): string {
  const upperCase = value.replace(/(?<=^\d{4}-\d{2}-\d{2})t/, 'T').replace(/z$/, 'Z');
  const secondBefore = upperCase.replace(/(?<=T\d{2}:\d{2}:)60(?=[.Z+-])/, '59');
  return secondBefore === upperCase || !isLeapSecond(secondBefore) ? upperCase : secondBefore;
}

// Leap seconds are inserted at the end of June or December, UTC.
function isLeapSecond(secondBefore: string): boolean {
  const at = Date.parse(secondBefore);
  return !Number.isNaN(at) && /-(06-30|12-31)T23:59:59/.test(new Date(at).toISOString());
}

function inUtc(value: string): string {
  return new Date(value).toISOString().replace('.000Z', 'Z');
}

/** A log position as a query parameter. */
export const position = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a position of the log: a whole number')
  .transform(Number)
  .meta({ examples: ['1'] });

const DAY = z.iso.date();

/** Start of a span, inclusive: an instant, or a day in Damascus, which is included. */
export const spanStart = instantOrDay((day) => instantOf(startOfDamascusDay(day)));

/** End of a span: an instant, which is excluded, or a day in Damascus, which is included. */
export const spanEnd = instantOrDay((day) => instantOf(oneUnitLater(startOfDamascusDay(day), 'day')));

function instantOrDay(ofDay: (day: string) => Instant) {
  return z
    .string()
    .refine(
      (value) => DAY.safeParse(value).success || instant.safeParse(value).success,
      'must be an RFC 3339 instant with offset, such as 2017-01-15T10:00:00Z, or a day in Damascus, such as 2017-01-15',
    )
    .transform((value) => (DAY.safeParse(value).success ? ofDay(value) : instant.parse(value)))
    .meta({ examples: ['2017-01-15T10:00:00Z', '2017-01-15'] });
}
