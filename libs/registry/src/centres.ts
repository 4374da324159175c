// Finds the nearest centre of a region: used where no boundary has been imported.
import type { Point, Region } from '#domain';

/** Mean radius of the earth (IUGG), in kilometres. */
const EARTH_RADIUS_KM = 6371.0088;

type Vector = { readonly x: number; readonly y: number; readonly z: number };
export type Centre = { readonly region: string; readonly at: Vector };

/** Points of the unit sphere: a comparison is then a few multiplications, and the intake compares 272 centres a report. */
export function centresOf(regions: readonly Region[]): readonly Centre[] {
  return regions.flatMap(({ code, centre }) => (centre ? [{ region: code, at: vector(centre) }] : []));
}

/** The nearest of the centres (the first of equally near ones), or null without centres. */
export function nearestCentre(
  centres: readonly Centre[],
  point: Point,
): { readonly region: string; readonly km: number } | null {
  const from = vector(point);
  let found: string | null = null;
  let least = Infinity;
  for (const { region, at } of centres) {
    const chord = squaredChord(from, at);
    if (chord < least) [found, least] = [region, chord];
  }
  return found === null ? null : { region: found, km: kilometres(least) };
}

export function distanceKm(one: Point, other: Point): number {
  return kilometres(squaredChord(vector(one), vector(other)));
}

function vector({ lon, lat }: Point): Vector {
  const [lambda, phi] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) };
}

function squaredChord(one: Vector, other: Vector): number {
  return (one.x - other.x) ** 2 + (one.y - other.y) ** 2 + (one.z - other.z) ** 2;
}

/** Length of the great circle between the ends of a chord of the unit sphere (the haversine formula). */
function kilometres(squared: number): number {
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(squared) / 2));
}
