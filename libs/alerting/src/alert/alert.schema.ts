// What may be asked about alerts, and what an alert looks like.
import { z } from 'zod';
import { STATUSES, STATUS_SCALE } from '#domain';
import { listQuery, members } from '#platform';
import { DEFAULT_LENSES, type AlertFilter } from './alert-filter.js';
import { ALERT_TYPES, type Alert } from './alert.js';

const LIST_MAX = 100;

export const alertIdParam = z.uuid().meta({ examples: ['191b2e40-6d93-8465-a517-1954ef090aec'] });

/** Words separated by commas. */
function commaList<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item).max(LIST_MAX));
}

export const filterQuery = {
  type: commaList(z.enum(ALERT_TYPES))
    .default([])
    .meta({ description: 'types, separated by commas; left out: all', examples: ['status_changed,red_line_met'] }),
  region: commaList(z.string())
    .default([])
    .meta({ description: 'region codes, separated by commas: these and all inside them', examples: ['SY03'] }),
  lens: commaList(z.string())
    .default([...DEFAULT_LENSES])
    .meta({
      description: 'lenses, separated by commas (empty: all); what concerns no lens comes in any case',
      examples: ['strict'],
    }),
  minStatus: z
    .enum(STATUS_SCALE)
    .optional()
    .meta({
      description: 'only changes that reach this step of the scale or come down from it',
      examples: ['violated'],
    }),
};

export const alertsQuery = z.strictObject({
  ...listQuery,
  ...filterQuery,
  from: members.spanStart.optional().meta({ description: 'recorded at or after', examples: ['2017-01-01T00:00:00Z'] }),
  to: members.spanEnd.optional().meta({ description: 'recorded before', examples: ['2017-02-01T00:00:00Z'] }),
  minPosition: members.position
    .optional()
    .meta({ description: 'answers only once this log position has been taken in', examples: ['17'] }),
});
export type AlertsQuery = z.output<typeof alertsQuery>;

export const streamQuery = z.strictObject({
  ...filterQuery,
  lastEventId: z
    .string()
    .optional()
    .meta({ description: 'resumes behind this log position, where Last-Event-ID cannot be sent', examples: ['17'] }),
});
export type StreamQuery = z.output<typeof streamQuery>;

export const alertCursor = z.strictObject({ before: z.int().positive() });

export const alertSchema: z.ZodType<Alert> = z.strictObject({
  id: z.uuid(),
  type: z.enum(ALERT_TYPES),
  region: z.string(),
  lens: z.string().nullable(),
  from: z.enum(STATUSES).nullable(),
  to: z.enum(STATUSES).nullable(),
  at: z.iso.datetime({ offset: true }),
  recordedAt: z.iso.datetime({ offset: true }),
  position: z.int(),
  supersedes: z.uuid().nullable(),
  why: z.string(),
  summary: z.strictObject({ en: z.string() }),
});

export function filterOf(query: Pick<AlertsQuery, 'type' | 'region' | 'lens' | 'minStatus'>): AlertFilter {
  return { types: query.type, regions: query.region, lenses: query.lens, minStatus: query.minStatus ?? null };
}
