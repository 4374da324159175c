// The registers as features use them: the folded state and what is computed from it.
import { regionMap, type Region } from '#domain';
import type { Position } from '#event-log';
import { placeLookups } from './places.js';
import {
  EMPTY_REGISTER,
  foldRegister,
  type RegionEntry,
  type RegisterEvent,
  type RegisterState,
} from './register-fold.js';
import type { Register } from './registry.js';
import { contains } from './shape.js';

export function registerAt(state: RegisterState, position: Position): Register {
  const regions = regionMap(regionsOf(state.regions));
  return {
    position,
    regions,
    actors: state.actors,
    actorDetails: state.actorDetails,
    instruments: [...state.instruments.values()],
    alignments: state.alignments,
    lenses: state.lenses,
    modalities: [...state.modalities.values()].sort((one, other) => one.from - other.from),
    regionDetails: state.regions,
    ...placeLookups(regions, state.regions),
  };
}

/** The registers that result from these events alone. */
export function registerFrom(events: readonly RegisterEvent[], position: Position): Register {
  return registerAt(foldRegister(EMPTY_REGISTER, events), position);
}

function regionsOf(entries: ReadonlyMap<string, RegionEntry>): readonly Region[] {
  return [...entries.values()].map((entry) => {
    const { region: code, level, name, parent, areaKm2, centre } = entry.definition;
    return { code, level, name, parent, areaKm2, centre, parts: partsOf(entry, entries) };
  });
}

/** As defined. Parts of a zone that has a boundary only: the sub-districts whose centre is inside the boundary. */
function partsOf({ definition, shape }: RegionEntry, entries: ReadonlyMap<string, RegionEntry>): readonly string[] {
  if (definition.level !== 'zone' || definition.parts.length > 0 || !shape) return definition.parts;
  return [...entries.values()].flatMap(({ definition: { region, level, centre } }) =>
    level === 'subdistrict' && centre && contains(shape, centre) ? [region] : [],
  );
}
