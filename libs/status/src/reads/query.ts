// What every analytic read takes: what was the case then, as known then, under which lens, and how fresh.
import { instantOf, secondsOf } from '#domain';
import { members } from '#platform';
import { z } from 'zod';

const REGION_CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Read as whole seconds. */
const instant = members.instant
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

const asOf = {
  at: instant.optional().meta({ description: 'what was the case then; now, where left out' }),
  knownAt: instant.optional().meta({ description: 'what was known then; now, where left out' }),
  knownAtPosition: members.position.optional().meta({ description: 'what was known at this position of the log' }),
  minPosition: members.position.optional().meta({ description: 'a position of the log that the answer must include' }),
  lens: z
    .string()
    .min(1)
    .default('strict')
    .meta({ description: 'under which lens', examples: ['strict'] }),
};

/** A read's query: its own members and those of every analytic read. */
export function analyticQuery<Shape extends z.core.$ZodLooseShape>(own: Shape) {
  return z.strictObject({ ...asOf, ...own }).refine(
    (query) => {
      const { knownAt, knownAtPosition } = query as { knownAt?: unknown; knownAtPosition?: unknown };
      return knownAt === undefined || knownAtPosition === undefined;
    },
    { path: ['knownAtPosition'], error: 'may not come together with knownAt: they say the same' },
  );
}

export type AsOfQuery = z.output<z.ZodObject<typeof asOf>>;
