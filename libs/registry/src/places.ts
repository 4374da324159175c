// Finds the region of a point: by the imported boundaries, else by the nearest centre.
import type { Point, RegionLevel, RegionMap } from '#domain';
import { centresOf, nearestCentre, type Centre } from './centres.js';
import type { RegionEntry } from './register-fold.js';
import type { Located, Register } from './registry.js';
import { contains, type Shape } from './shape.js';

const SUBDISTRICT_MAX_KM = 50;
// No place in Syria is farther than 106 km from the centre of a sub-district (in the desert): what is farther is abroad.
const GOVERNORATE_MAX_KM = 110;
// How much farther a region's own centre may be than the nearest one before a point counts as outside the region.
const CENTRE_SLACK_KM = 10;
/** Never a zone; and the country would be too vague. */
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
      return byNearestCentre(index, point);
    },
    zonesAt: (point) => zones.filter(({ shape }) => contains(shape, point)).map(({ code }) => code),
    mayBeIn: (point, region) => mayBeIn(index, point, region),
  };
}

function byNearestCentre({ regions, centres }: PlaceIndex, point: Point): Located | null {
  const near = nearestCentre(centres, point);
  if (!near || near.km > GOVERNORATE_MAX_KM) return null;
  if (near.km <= SUBDISTRICT_MAX_KM) return { region: near.region, by: 'nearest_centre' };
  const governorate = regions.containing(near.region).find((code) => regions.get(code)?.level === 'governorate');
  return governorate === undefined ? null : { region: governorate, by: 'nearest_centre' };
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
  // A zone is its boundary and its parts: the profile's valley covers two sub-districts that are not its parts.
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
  return nearestOfAll.km <= GOVERNORATE_MAX_KM && nearestOwn.km <= nearestOfAll.km + CENTRE_SLACK_KM;
}

/** Computed once for a region, on first use: most regions are never named together with a point. */
function leafCentresIn(regions: RegionMap): PlaceIndex['leafCentres'] {
  const known = new Map<string, readonly Centre[]>();
  return (region) => {
    const found = known.get(region) ?? centresOf(regions.leaves(region));
    known.set(region, found);
    return found;
  };
}
