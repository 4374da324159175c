// The query parameters of every analytic read: the instant, the state of knowledge, the lens and the freshness.
import { instantOf, secondsOf } from '#domain';
import { members } from '#platform';
import { z } from 'zod';

const REGION_CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Nothing is known so far ahead, and later years have more than four digits. */
const LATEST = Date.parse('2200-01-01T00:00:00Z');
const TOO_LATE = 'must be before 2200';
const isEarlyEnough = (instant: string): boolean => Date.parse(instant) < LATEST;

export const spanStart = members.spanStart.refine(isEarlyEnough, TOO_LATE);
export const spanEnd = members.spanEnd.refine(isEarlyEnough, TOO_LATE);

/** In whole seconds, as status is computed. */
export const analyticInstant = members.instant
  .refine(isEarlyEnough, TOO_LATE)
  .transform((text) => instantOf(secondsOf(text)))
  .meta({ examples: ['2017-01-15T12:00:00Z'] });

export const regionCode = z
  .string()
  .regex(REGION_CODE, 'must be a region code, such as SY0307 or wadi-barada')
  .meta({ examples: ['wadi-barada'] });

export const incidentId = members.uuid;

/** Values separated by commas. */
export function listOf<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(item).min(1));
}

const asOfMembers = {
  at: analyticInstant.optional().meta({ description: 'the instant that is asked about; now if omitted' }),
  knownAt: members.instant.optional().meta({ description: 'the instant of knowledge; now if omitted' }),
  knownAtPosition: members.position.optional().meta({ description: 'the position of the log of knowledge' }),
  minPosition: members.position.optional().meta({ description: 'a position of the log that the answer must include' }),
  lens: members.code.default('strict').meta({ description: 'the lens', examples: ['strict'] }),
};

/** The query schema of a read: its own parameters and those of every analytic read. */
export function analyticQuery<Shape extends z.core.$ZodLooseShape>(own: Shape) {
  return z.strictObject({ ...asOfMembers, ...own }).refine(
    (query) => {
      const { knownAt, knownAtPosition } = query as { knownAt?: unknown; knownAtPosition?: unknown };
      return knownAt === undefined || knownAtPosition === undefined;
    },
    { path: ['knownAtPosition'], error: 'cannot be combined with knownAt' },
  );
}

export type AsOfQuery = z.output<z.ZodObject<typeof asOfMembers>>;
