// The filter of alerts as an SQL condition.
import type { Sql } from '#database';
import type { RegionMap } from '#domain';
import type { AlertFilter } from './alert-filter.js';
import { scaleOf } from './alert.js';

/** A condition on rows of `alert`. */
export function filterCondition(sql: Sql, filter: AlertFilter, regions: RegionMap): ReturnType<Sql> {
  const codes = [...new Set(filter.regions.flatMap((code) => [code, ...regions.inside(code)]))];
  return sql`
    (${filter.types.length === 0} or alert.type = any(${[...filter.types]}::text[]))
    and (${codes.length === 0} or alert.region = any(${codes}::text[]))
    and (${filter.lenses.length === 0} or alert.lens is null or alert.lens = any(${[...filter.lenses]}::text[]))
    and (alert.scale is null or alert.scale >= ${filter.minStatus === null ? 0 : scaleOf(filter.minStatus)})`;
}
