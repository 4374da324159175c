// The filter of alerts, with the same meaning for the list, the stream and the deliveries.
import { UnknownName, type ScaleStatus } from '#domain';
import type { Register, Registry } from '#registry';
import type { AlertType } from './alert.js';

/** An empty list matches all. */
export type AlertFilter = {
  readonly types: readonly AlertType[];
  /** These regions and everything inside them, by the nesting of regions at the time of reading. */
  readonly regions: readonly string[];
  /** An alert without a lens always matches. */
  readonly lenses: readonly string[];
  /** Changes to or from this step or a higher one; alerts without a status always match. Null: all. */
  readonly minStatus: ScaleStatus | null;
};

export const DEFAULT_LENSES: readonly string[] = ['strict'];

export type FilterPointers = { readonly regions: string; readonly lenses: string };

/** Throws UnknownName: a filter with an unknown name would never match. `at`: JSON pointers to the two lists. */
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
  // Before the profile is loaded there are no lenses, but `strict` is still the default.
  const lens = register.lenses.size === 0 ? -1 : lenses.findIndex((code) => !register.lenses.has(code));
  if (lens === -1) return null;
  return new UnknownName(
    `${at.lenses}/${lens}`,
    `there is no lens ${lenses[lens] ?? ''}; known are ${[...register.lenses.keys()].join(', ')}`,
  );
}
