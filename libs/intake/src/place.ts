// Resolves the place of a report, once, at intake.
import { UnknownName, type Point, type ReportedPlace, type ReportFlag } from '#domain';
import { mustBeActor, mustBeRegion, type Register } from '#registry';
import type { ReportBody } from './report.schema.js';

type PlaceBody = {
  readonly region: string | null;
  readonly point: Point | null;
  readonly precision: ReportedPlace['precision'];
};

export type ResolvedPlace = { readonly place: ReportedPlace; readonly flags: readonly ReportFlag[] };

/** Throws UnknownName for an unknown actor, region or place. */
export function resolveNames(body: ReportBody, register: Register): ResolvedPlace {
  switch (body.type) {
    case 'violation':
      body.accused.forEach((actor, index) => {
        mustBeActor(actor, `/accused/${index}`, register);
      });
      if (body.target) mustBeActor(body.target.actor, '/target/actor', register);
      return resolvePlace(body.place, register);
    case 'nil':
      return resolveArea(body.area.region, register);
    case 'access_denied':
      if (body.deniedBy !== null) mustBeActor(body.deniedBy, '/deniedBy', register);
      return resolveArea(body.area.region, register);
  }
}

/** A point outside its region is accepted and flagged: a slip must not lose a report. An unknown place is refused. */
function resolvePlace({ region, point, precision }: PlaceBody, register: Register): ResolvedPlace {
  if (region !== null) {
    mustBeRegion(region, '/place/region', register);
    const isOutside = point !== null && !register.mayBeIn(point, region);
    return { place: placeAt(region, point, precision, register), flags: isOutside ? ['point_outside_region'] : [] };
  }
  const located = point && register.locate(point);
  if (!located) {
    throw new UnknownName(
      '/place/point',
      'is in no known region, and more than 110 km from the centre of every sub-district: name its region in /place/region, or check lon and lat',
    );
  }
  return {
    place: placeAt(located.region, point, precision, register),
    flags: located.by === 'nearest_centre' ? ['located_by_nearest_centre'] : [],
  };
}

function resolveArea(region: string, register: Register): ResolvedPlace {
  mustBeRegion(region, '/area/region', register);
  return { place: placeAt(region, null, null, register), flags: [] };
}

function placeAt(
  region: string,
  point: Point | null,
  precision: ReportedPlace['precision'],
  { regions, zonesAt }: Register,
): ReportedPlace {
  const around = regions.containing(region);
  const within = new Set([...around, ...(point ? zonesAt(point).flatMap(regions.containing) : [])]);
  const isAllAround = within.size === around.length;
  const ordered = isAllAround ? around : regions.all.map(({ code }) => code).filter((code) => within.has(code));
  return { region, regions: ordered, precision };
}
