// Which alerts somebody wants. One meaning for the list, the stream and the deliveries.
import type { Sql } from '#database';
import { UnknownName, type RegionMap, type ScaleStatus } from '#domain';
import type { Register, Registry } from '#registry';
import { scaleOf, type AlertType } from './alert.js';

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
export function filterCondition(sql: Sql, filter: AlertFilter, regions: RegionMap): ReturnType<Sql> {
  const codes = [...new Set(filter.regions.flatMap((code) => [code, ...regions.inside(code)]))];
  return sql`
    (${filter.types.length === 0} or alert.type = any(${[...filter.types]}::text[]))
    and (${codes.length === 0} or alert.region = any(${codes}::text[]))
    and (${filter.lenses.length === 0} or alert.lens is null or alert.lens = any(${[...filter.lenses]}::text[]))
    and (alert.scale is null or alert.scale >= ${filter.minStatus === null ? 0 : scaleOf(filter.minStatus)})`;
}

export type FilterPointers = { readonly regions: string; readonly lenses: string };

/** A filter that names what nobody knows would be silent for ever: say so at the door. `at`: pointers to the lists. */
export async function requireKnownNames(filter: AlertFilter, registry: Registry, at: FilterPointers): Promise<void> {
  if (unknownIn(filter, registry.current, at) === null) return;
  const unknown = unknownIn(filter, await registry.refresh(), at);
  if (unknown !== null) throw unknown;
}

function unknownIn({ regions, lenses }: AlertFilter, register: Register, at: FilterPointers): UnknownName | null {
  const region = regions.findIndex((code) => !register.regions.get(code));
  if (region !== -1)
    return new UnknownName(
      `${at.regions}/${region}`,
      `there is no region ${regions[region] ?? ''}; GET /v1/regions lists them`,
    );
  // Before the profile is loaded there are none, and `strict` is asked for all the same.
  const lens = register.lenses.size === 0 ? -1 : lenses.findIndex((code) => !register.lenses.has(code));
  if (lens === -1) return null;
  return new UnknownName(
    `${at.lenses}/${lens}`,
    `there is no lens ${lenses[lens] ?? ''}; known are ${[...register.lenses.keys()].join(', ')}`,
  );
}
