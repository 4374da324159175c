// Which alerts somebody wants. One meaning for the list, the stream and the deliveries.
import type { Sql } from '#database';
import { UnknownName, type RegionMap } from '#domain';
import { scaleOf, type AlertType } from './alert.js';
import type { ScaleStatus } from '#domain';

/** Empty lists ask for all. */
export type AlertFilter = {
  readonly types: readonly AlertType[];
  /** These regions and everything inside them, as the regions nest when an alert is looked at. */
  readonly regions: readonly string[];
  /** An alert that concerns no lens passes whatever is asked. */
  readonly lenses: readonly string[];
  /** Changes that reach this step or come down from it; what names no status passes. Null: all of them. */
  readonly minStatus: ScaleStatus | null;
};

export const DEFAULT_LENSES: readonly string[] = ['strict'];

/** The condition on rows of `alert`. */
export function wanted(sql: Sql, filter: AlertFilter, regions: RegionMap): ReturnType<Sql> {
  const codes = [...new Set(filter.regions.flatMap((code) => [code, ...regions.inside(code)]))];
  return sql`
    (${filter.types.length === 0} or alert.type = any(${[...filter.types]}::text[]))
    and (${codes.length === 0} or alert.region = any(${codes}::text[]))
    and (${filter.lenses.length === 0} or alert.lens is null or alert.lens = any(${[...filter.lenses]}::text[]))
    and (alert.scale is null or alert.scale >= ${filter.minStatus === null ? 0 : scaleOf(filter.minStatus)})`;
}

/** A filter that names a region which nobody knows would be silent for ever: say so at the door. */
export function mustKnowRegions(codes: readonly string[], regions: RegionMap, pointer: string): void {
  for (const [index, code] of codes.entries()) {
    if (!regions.get(code))
      throw new UnknownName(`${pointer}/${index}`, `There is no region ${code}; GET /v1/regions lists them.`);
  }
}
