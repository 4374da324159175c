// Lists: one handler, one query, four formats with the same rows.
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { z } from 'zod';

export const FORMATS = ['json', 'csv', 'geojson', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  geojson: 'application/geo+json',
  ndjson: 'application/x-ndjson',
};

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;
const limitMessage = `must be a whole number from 1 to ${LIMIT_MAX}`;

/** For an analytic read that answers all its rows at once: `z.strictObject({ ...formatQuery, at: ... })`. */
export const formatQuery = {
  f: z
    .enum(FORMATS)
    .optional()
    .meta({ description: 'the format, where Accept cannot be set', examples: ['csv'] }),
};

/** For a list in pages: `z.strictObject({ ...listQuery, region: ... })`. */
export const listQuery = {
  ...formatQuery,
  limit: z
    .string()
    .regex(/^\d+$/, limitMessage)
    .transform(Number)
    .pipe(z.number().min(1, limitMessage).max(LIMIT_MAX, limitMessage))
    .default(LIMIT_DEFAULT)
    .meta({ description: `at most so many rows: ${LIMIT_DEFAULT}, up to ${LIMIT_MAX}`, examples: ['100'] }),
  cursor: z.string().optional().meta({ description: 'goes on where another page ended; follow `next`' }),
};

/** A handler of a list answers this, or this with more members. `next` is a cursor (`encodeCursor`) or null. */
export type Page<Row> = { readonly items: readonly Row[]; readonly next: string | null };

export type Geometry = { readonly type: string; readonly coordinates: unknown };

export type ListOptions<Row> = {
  /** The shape of a row: gives the columns of CSV and the answer's schema in OpenAPI. */
  readonly row: z.ZodType<Row>;
  /** The member that holds the rows; `items` where it is left out. */
  readonly rows?: string;
  /** A row's place on the map, longitude first; without it GeoJSON features have a null geometry. */
  readonly geometry?: (row: Row) => Geometry | null;
};

export type AnyListOptions = ListOptions<never>;

export const LIST_KEY = Symbol('list');

/**
 * ```ts
 * const query = z.strictObject({ ...listQuery, region: z.string().optional() });
 *
 * @Get()
 * @Roles('analyst')
 * @List({ row: incidentRow, geometry: ({ point }) => point && { type: 'Point', coordinates: [point.lon, point.lat] } })
 * list(@Query({ schema: query }) query: z.output<typeof query>): Promise<Page<IncidentRow>> {
 *   const from = query.cursor === undefined ? null : decodeCursor(query.cursor, cursorSchema);
 *   ...
 *   return { items, next: items.length < query.limit ? null : encodeCursor({ position, after }) };
 * }
 * ```
 * An analytic read says where its rows are, and keeps its other members:
 * `@List({ row: regionStatus, rows: 'regions' })` for `{ position, at, lens, ..., regions: [...] }`.
 */
export function List<Row>(options: ListOptions<Row>): MethodDecorator {
  const answer = z.looseObject({ [options.rows ?? 'items']: z.array(options.row) });
  return applyDecorators(
    SetMetadata(LIST_KEY, options),
    ApiProduces(...Object.values(MEDIA_TYPES)),
    ApiOkResponse({ description: 'The rows, in the format that was asked for', standardSchema: answer }),
  );
}
