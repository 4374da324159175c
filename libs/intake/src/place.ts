// Where a report belongs: resolved once, at intake, and never again.
import { UnknownName, type Point, type ReportedPlace, type ReportFlag } from '#domain';
import type { Register } from '#registry';

export type PlaceBody = {
  readonly region: string | null;
  readonly point: Point | null;
  readonly precision: ReportedPlace['precision'];
};

export type Resolved = { readonly place: ReportedPlace; readonly flags: readonly ReportFlag[] };

/** A slip is accepted and flagged, for a report from the field must not be lost over it; a place that nobody knows is not. */
export function resolvePlace({ region, point, precision }: PlaceBody, register: Register): Resolved {
  if (region !== null) {
    const code = knownRegion(region, '/place/region', register);
    const strays = point !== null && !register.mayLieIn(point, code);
    return { place: placeAt(code, point, precision, register), flags: strays ? ['point_outside_region'] : [] };
  }
  const located = point && register.locate(point);
  if (!located) {
    throw new UnknownName(
      '/place/point',
      'lies in no region that is known here and near none: name its region in /place/region, or check lon and lat',
    );
  }
  return {
    place: placeAt(located.region, point, precision, register),
    flags: located.by === 'nearest_centre' ? ['located_by_nearest_centre'] : [],
  };
}

export function resolveArea(region: string, register: Register): Resolved {
  return { place: placeAt(knownRegion(region, '/area/region', register), null, null, register), flags: [] };
}

function knownRegion(region: string, pointer: string, { regions }: Register): string {
  if (regions.get(region)) return region;
  throw new UnknownName(pointer, `no region has the code ${region}: GET /v1/regions lists those that are known`);
}

function placeAt(
  region: string,
  point: Point | null,
  precision: ReportedPlace['precision'],
  { regions, zonesAt }: Register,
): ReportedPlace {
  const zones = point ? zonesAt(point) : [];
  const within = new Set([region, ...zones].flatMap(regions.containing));
  // Without a zone the map's own order stands: the largest first.
  const ordered =
    zones.length === 0 ? [...within] : regions.all.map(({ code }) => code).filter((code) => within.has(code));
  return { region, regions: ordered, precision };
}
