// Lists: one handler and one query for four formats with the same rows.
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
export const LIMIT_MAX = 1_000;
const limitMessage = `must be a whole number from 1 to ${LIMIT_MAX}`;

/** For an analytic read without pages: `z.strictObject({ ...formatQuery, at: ... })`. */
export const formatQuery = {
  f: z
    .enum(FORMATS)
    .optional()
    .meta({ description: 'the format, if Accept cannot be set', examples: ['csv'] }),
};

/** For a paginated list: `z.strictObject({ ...listQuery, region: ... })`. */
export const listQuery = {
  ...formatQuery,
  limit: z
    .string()
    .regex(/^\d+$/, limitMessage)
    .transform(Number)
    .pipe(z.number().min(1, limitMessage).max(LIMIT_MAX, limitMessage))
    .default(LIMIT_DEFAULT)
    .meta({
      description: `maximum number of rows: ${LIMIT_DEFAULT} by default, at most ${LIMIT_MAX}`,
      examples: ['100'],
    }),
  cursor: z.string().optional().meta({ description: 'continues after the previous page; follow `next`' }),
};

/** The return value of a list handler, possibly with more members. `next` is a cursor (`encodeCursor`) or null. */
export type Page<Row> = { readonly items: readonly Row[]; readonly next: string | null };

export type Geometry = { readonly type: string; readonly coordinates: unknown };

export type ListOptions<Row> = {
  /** The schema of a row: defines the columns of CSV and the response schema in OpenAPI. */
  readonly row: z.ZodType<Row>;
  /** The member that holds the rows; `items` by default. */
  readonly rows?: string;
  /** The geometry of a row, longitude first; without it GeoJSON features have a null geometry. */
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
 * An analytic read names the member of its rows, and keeps its other members:
 * `@List({ row: regionStatus, rows: 'regions' })` for `{ position, at, lens, ..., regions: [...] }`.
 */
export function List<Row>(options: ListOptions<Row>): MethodDecorator {
  const answer = z.looseObject({ [options.rows ?? 'items']: z.array(options.row) });
  return applyDecorators(
    SetMetadata(LIST_KEY, options),
    ApiProduces(...Object.values(MEDIA_TYPES)),
    ApiOkResponse({ description: 'The rows, in the requested format', standardSchema: answer }),
  );
}
