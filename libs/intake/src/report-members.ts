// Schemas of the members that only reports have, with their limits and messages.
import { z } from 'zod';
import { members } from '#platform';

const TEXT_MAX = 20_000;
const NAME_MAX = 200;
const URL_MAX = 2_000;
const CASUALTIES_MAX = 1_000_000;
const QUANTITY_MAX = 1_000_000_000;
const INTERVAL_MAX_DAYS = 366;
const DAY_MS = 86_400_000;

export const NARRATIVE_MAX = TEXT_MAX;
export const REASON_MAX = 2_000;
export const ACCUSED_MAX = 32;
export const EVIDENCE_MAX = 64;

type Interval = { readonly from: string; readonly to: string | null };

/** For `.refine`: the end is not before the start. */
export function endsAfterStart({ from, to }: Interval): boolean {
  return to === null || Date.parse(from) <= Date.parse(to);
}

/** For `.refine`: intervals are split by days, so their length is limited. */
export function isBounded({ from, to }: Interval): boolean {
  return to === null || Date.parse(to) - Date.parse(from) <= INTERVAL_MAX_DAYS * DAY_MS;
}

export const ENDS_AFTER_START = { path: ['to'], error: 'must not be before `from`' };
export const IS_BOUNDED = {
  path: ['to'],
  error: `must be at most ${INTERVAL_MAX_DAYS} days after \`from\`: report a longer time in parts`,
};

export const point = z.strictObject({ lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) });

const count = z.int().min(0).max(CASUALTIES_MAX);

const range = z
  .strictObject({ min: count, max: count })
  .refine(({ min, max }) => min <= max, { path: ['max'], error: 'must not be smaller than `min`' });

export const casualties = z.strictObject({
  killed: range.nullable().default(null),
  injured: range.nullable().default(null),
});

// One word, because the unit is public: free text could identify the source.
const unit = z.string().regex(/^[a-z][a-z0-9_]{0,29}$/, 'must be one word of small letters, such as impact or shell');

export const quantity = z.strictObject({ value: z.number().min(0).max(QUANTITY_MAX), unit });

export const language = z
  .string()
  .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8}){0,4}$/, 'must be a language tag, such as en or ar');

export const evidence = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be the SHA-256 of the item: 64 hexadecimal digits')
    .toLowerCase(),
  mediaType: z
    .string()
    .max(NAME_MAX)
    .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/, 'must be a media type, such as image/jpeg'),
});

export const source = z
  .strictObject({
    name: members.name.nullable().default(null),
    url: z
      .url({ protocol: /^https?$/ })
      .max(URL_MAX)
      .nullable()
      .default(null),
  })
  .refine(({ name, url }) => name !== null || url !== null, 'must have a name or a url');
