// Pages of the list of regions. All pages of one traversal are as known at one position.
import { REGION_LEVELS, type Instant } from '#domain';
import { encodeCursor, listQuery, type Page } from '#platform';
import { asOfQuery, foldText, matches, type Register } from '#registry';
import { z } from 'zod';
import { rowOf, type RowWithGeometry } from './region-row.js';
import { regionCode } from './region.schema.js';

const QUERY_MAX = 200;

export const regionsQuery = z.strictObject({
  ...listQuery,
  ...asOfQuery,
  level: z.enum(REGION_LEVELS).optional().meta({ description: 'only regions of this level' }),
  q: z
    .string()
    .max(QUERY_MAX)
    .optional()
    .meta({ description: 'part of a code or name, in English or Arabic', examples: ['عين الفيجة'] }),
  parent: regionCode.optional().meta({ description: 'only those directly below this region' }),
});
export type RegionsQuery = z.output<typeof regionsQuery>;

export const cursorSchema = z.strictObject({ position: z.int().nonnegative(), after: z.string() });

type Filter = Pick<RegionsQuery, 'limit' | 'level' | 'parent' | 'q' | 'at'>;

/** The rows after the code `after`, largest level first, then by code. With `at` only regions that existed by then. */
export function regionsPage(register: Register, filter: Filter, after: string | null): Page<RowWithGeometry> {
  const { all } = register.regions;
  const query = foldText(filter.q ?? '');
  const rest = after === null ? all : all.slice(all.findIndex(({ code }) => code === after) + 1);
  const found = rest.filter(
    ({ code, level, parent, name }) =>
      (filter.level === undefined || level === filter.level) &&
      (filter.parent === undefined || parent === filter.parent) &&
      (query === '' || matches(query, [code, name.en, name.ar])) &&
      (filter.at === undefined || existsAt(register.regionDetails.get(code)?.from ?? null, filter.at)),
  );
  const items = found.slice(0, filter.limit).map((region) => rowOf(register, region));
  const last = found.length > filter.limit ? items.at(-1) : undefined;
  return { items, next: last ? encodeCursor({ position: register.position, after: last.code }) : null };
}

function existsAt(from: Instant | null, at: Instant): boolean {
  return from === null || Date.parse(from) <= Date.parse(at);
}
