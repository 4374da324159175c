// Where a point lies: by the shapes that have been imported, else by the nearestCentre centre.
import type { Point, RegionLevel, RegionMap } from '#domain';
import { centresOf, nearestCentre, type Centre } from './centres.js';
import type { RegionEntry } from './register-fold.js';
import type { Register } from './registry.js';
import { contains, type Shape } from './shape.js';

const NEAREST_CENTRE_MAX_KM = 50;
// How much farther a region's own centre may be than the nearestCentre one before a point is taken to lie elsewhere.
const CENTRE_SLACK_KM = 10;
// No place in Syria is farther than 106 km from a sub-district's centre (in the desert), so what is farther is abroad.
const REACH_MAX_KM = 150;
/** A zone is never the answer, and the country would say too little. */
const LOCATED_LEVELS: readonly RegionLevel[] = ['subdistrict', 'district', 'governorate'];

export type PlaceLookups = Pick<Register, 'locate' | 'zonesAt' | 'mayBeIn'>;

type PlaceIndex = {
  readonly regions: RegionMap;
  readonly entries: ReadonlyMap<string, RegionEntry>;
  /** Of all sub-districts. */
  readonly centres: readonly Centre[];
  /** Of each region's leaves. */
  readonly leafCentres: (region: string) => readonly Centre[];
};

export function placeLookups(regions: RegionMap, entries: ReadonlyMap<string, RegionEntry>): PlaceLookups {
  const centres = centresOf(regions.all.filter(({ level }) => level === 'subdistrict'));
  const index: PlaceIndex = { regions, entries, centres, leafCentres: leafCentresIn(regions) };
  const smallestFirst = LOCATED_LEVELS.flatMap((level) => shapesOf(index, level));
  const zones = shapesOf(index, 'zone');
  return {
    locate: (point) => {
      const found = smallestFirst.find(({ shape }) => contains(shape, point));
      if (found) return { region: found.code, by: 'shape' };
      const near = nearestCentre(centres, point);
      return near && near.km <= NEAREST_CENTRE_MAX_KM ? { region: near.region, by: 'nearest_centre' } : null;
    },
    zonesAt: (point) => zones.filter(({ shape }) => contains(shape, point)).map(({ code }) => code),
    mayBeIn: (point, region) => mayBeIn(index, point, region),
  };
}

function shapesOf(
  { regions, entries }: PlaceIndex,
  wanted: RegionLevel,
): readonly { readonly code: string; readonly shape: Shape }[] {
  return regions.all.flatMap(({ code, level }) => {
    const shape = entries.get(code)?.shape;
    return level === wanted && shape ? [{ code, shape }] : [];
  });
}

function mayBeIn(index: PlaceIndex, point: Point, region: string): boolean {
  const entry = index.entries.get(region);
  if (!entry) return true;
  const { definition, shape } = entry;
  if (shape && contains(shape, point)) return true;
  // A zone is its shape and its parts: the profile's valley reaches over two sub-districts that are no parts of it.
  if (definition.parts.length > 0) return definition.parts.some((part) => mayBeIn(index, point, part));
  if (shape) return false;
  const leaves = index.regions.leaves(region);
  const shapes = leaves.map(({ code }) => index.entries.get(code)?.shape ?? null);
  if (shapes.every((each) => each !== null)) return shapes.some((each) => contains(each, point));
  return isNear(index, point, region);
}

function isNear({ centres, leafCentres }: PlaceIndex, point: Point, region: string): boolean {
  const [nearestOwn, nearestOfAll] = [nearestCentre(leafCentres(region), point), nearestCentre(centres, point)];
  if (!nearestOwn || !nearestOfAll) return true;
  return nearestOfAll.km <= REACH_MAX_KM && nearestOwn.km <= nearestOfAll.km + CENTRE_SLACK_KM;
}

/** Reckoned once a region, when it is first asked for: most are never named together with a point. */
function leafCentresIn(regions: RegionMap): PlaceIndex['leafCentres'] {
  const known = new Map<string, readonly Centre[]>();
  return (region) => {
    const found = known.get(region) ?? centresOf(regions.leaves(region));
    known.set(region, found);
    return found;
  };
}
