// The filter of alerts, with the same meaning for the list, the stream and the deliveries.
import { UnknownName, type ScaleStatus } from '#domain';
import { nearest } from '#platform';
import { mustBeRegion, withRegister, type Register, type Registry } from '#registry';
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
export function requireKnownNames(filter: AlertFilter, registry: Registry, at: FilterPointers): Promise<void> {
  return withRegister(registry, (register) => {
    for (const [index, code] of filter.regions.entries()) mustBeRegion(code, `${at.regions}/${index}`, register);
    for (const [index, code] of filter.lenses.entries()) mustBeLens(code, `${at.lenses}/${index}`, register);
  });
}

function mustBeLens(code: string, pointer: string, { lenses }: Register): void {
  // Before the profile is loaded there are no lenses, but `strict` is still the default.
  if (lenses.size === 0 || lenses.has(code)) return;
  const known = [...lenses.keys()];
  const near = nearest(code, known);
  const advice = near === null ? `the lenses are ${known.join(', ')}` : `did you mean ${near}?`;
  throw new UnknownName(pointer, `there is no lens ${code}: ${advice}`);
}
