// A boundary prepared for the question whether it contains a point.
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Boundary, Point } from '#domain';

type Coordinates = readonly (readonly (readonly number[])[])[];
type Box = { readonly west: number; readonly south: number; readonly east: number; readonly north: number };

/** Each polygon with its bounding box: four comparisons rule out most points. */
export type Shape = readonly { readonly box: Box; readonly coordinates: Coordinates }[];

export function shapeOf(boundary: Boundary): Shape {
  const polygons = boundary.type === 'Polygon' ? [boundary.coordinates] : boundary.coordinates;
  return polygons.map((coordinates) => ({ box: boxAround(coordinates), coordinates }));
}

/** A point on the boundary is inside. */
export function contains(shape: Shape, point: Point): boolean {
  return shape.some(({ box, coordinates }) => inBox(box, point) && inPolygon(coordinates, point));
}

function inPolygon(coordinates: Coordinates, { lon, lat }: Point): boolean {
  // turf's types want mutable arrays; it changes none.
  return booleanPointInPolygon([lon, lat], { type: 'Polygon', coordinates: coordinates as number[][][] });
}

function inBox(box: Box, { lon, lat }: Point): boolean {
  return box.west <= lon && lon <= box.east && box.south <= lat && lat <= box.north;
}

function boxAround(coordinates: Coordinates): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  // The first ring is the outline, all others are holes. A loop, because spreading long rings overflows the stack.
  for (const position of coordinates[0] ?? []) {
    const lon = position[0] ?? NaN;
    const lat = position[1] ?? NaN;
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  }
  return { west, south, east, north };
}
