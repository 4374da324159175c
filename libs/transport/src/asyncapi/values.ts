// Schemas of values that several events have.
import { z } from 'zod';
import { GUARANTORS, MEANS, PLACE_PRECISIONS, REPORT_KINDS, SEVERITIES, STATUSES, TIME_PRECISIONS } from '#domain';

export const instant = z.string().describe('RFC 3339, UTC, ending in Z');
export const uuid = z.string().describe('a UUID');
export const code = z.string().describe('a code of a register');
export const guarantor = z.enum(GUARANTORS);
export const severity = z.enum(SEVERITIES);
export const status = z.enum(STATUSES);
export const reportKind = z.enum(REPORT_KINDS);

export const name = z.object({ en: z.string(), ar: z.string().nullable() });

const range = z.object({ min: z.number(), max: z.number() }).describe('a count within bounds, both inclusive');

export const source = z
  .object({ monitor: z.string(), organisation: z.string() })
  .describe('who reported: pseudonyms that are the same in all reports');

const place = z.object({
  region: code.describe('the region named, or the smallest one that contains the point'),
  regions: z.array(code).describe('every region that contains it, the largest first, zones last'),
  precision: z.enum(PLACE_PRECISIONS).nullable(),
});

export const violation = z.object({
  occurred: z.object({ from: instant, to: instant.nullable(), precision: z.enum(TIME_PRECISIONS) }),
  place,
  kind: reportKind,
  severity: severity.nullable(),
  means: z.enum(MEANS),
  accused: z.array(code),
  target: code.nullable(),
  casualties: z.object({ killed: range.nullable(), injured: range.nullable() }),
  quantity: z.object({ value: z.number(), unit: z.string() }).nullable(),
  language: z.string().nullable(),
  evidenceCount: z.number(),
});

export const observation = z.object({
  observed: z.object({ from: instant, to: instant }),
  area: place,
  means: z.enum(MEANS).nullable(),
  deniedBy: code.nullable(),
});
