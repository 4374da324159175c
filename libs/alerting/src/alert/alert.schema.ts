// Queries and answers of the alert routes.
import { z } from 'zod';
import { STATUSES, STATUS_SCALE } from '#domain';
import { listQuery, members } from '#platform';
import type { Registry } from '#registry';
import { DEFAULT_LENSES, requireKnownNames, type AlertFilter } from './alert-filter.js';
import { ALERT_TYPES, type Alert } from './alert.js';

const LIST_MAX = 100;

export const alertIdParam = z.uuid().meta({ examples: ['191b2e40-6d93-8465-a517-1954ef090aec'] });

/** Values separated by commas. */
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
    .meta({ description: 'types, separated by commas; default: all', examples: ['status_changed,red_line_met'] }),
  region: commaList(z.string())
    .default([])
    .meta({ description: 'region codes, separated by commas; regions inside them are included', examples: ['SY03'] }),
  lens: commaList(z.string())
    .default([...DEFAULT_LENSES])
    .meta({
      description: 'lenses, separated by commas (empty: all); alerts without a lens are always included',
      examples: ['strict'],
    }),
  minStatus: z
    .enum(STATUS_SCALE)
    .optional()
    .meta({
      description: 'only changes of status to or from this step of the scale or a higher one',
      examples: ['violated'],
    }),
};

export const alertsQuery = z
  .strictObject({
    ...listQuery,
    ...filterQuery,
    from: members.spanStart
      .optional()
      .meta({ description: 'recorded at or after', examples: ['2017-01-01T00:00:00Z'] }),
    to: members.spanEnd.optional().meta({ description: 'recorded before', examples: ['2017-02-01T00:00:00Z'] }),
    minPosition: members.position
      .optional()
      .meta({ description: 'waits until this log position has been processed', examples: ['17'] }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'must be after `from`',
  });
export type AlertsQuery = z.output<typeof alertsQuery>;

export const streamQuery = z.strictObject({
  ...filterQuery,
  lastEventId: z
    .string()
    .optional()
    .meta({
      description: 'resumes after this log position, for clients that cannot send Last-Event-ID',
      examples: ['17'],
    }),
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

/** The filter of a query. Throws UnknownName where it names an unknown region or lens. */
export async function checkedFilter(query: AlertsQuery | StreamQuery, registry: Registry): Promise<AlertFilter> {
  const { type: types, region: regions, lens: lenses, minStatus = null } = query;
  const filter = { types, regions, lenses, minStatus };
  await requireKnownNames(filter, registry, { regions: '/region', lenses: '/lens' });
  return filter;
}
