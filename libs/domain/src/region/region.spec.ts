import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import type { Boundary, RegionDefined, RegionEvent } from './region-events.js';
import { region } from './region.js';

function triangle(east: number): Boundary {
  const ring = [
    [0, 0],
    [east, 0],
    [east, 1],
    [0, 0],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

const definition: RegionDefined['data'] = {
  region: 'zone-1',
  level: 'zone',
  name: { en: 'Zone 1', ar: null },
  parent: null,
  areaKm2: null,
  centre: null,
  parts: ['SY030702'],
  boundary: null,
  from: null,
};
const defined: RegionEvent = { type: 'RegionDefined', data: definition };
const drawn: RegionEvent = { type: 'BoundaryRevised', data: { region: 'zone-1', boundary: triangle(1) } };

describe('a region', () => {
  it('is defined once', () => {
    expect(given(region).when({ type: 'DefineRegion', definition })).toEqual([defined]);
    expect(() => given(region, defined).when({ type: 'DefineRegion', definition })).toThrow(
      /PUT \/v1\/regions\/zone-1\/boundary/,
    );
  });

  it('gets a boundary after it was defined', () => {
    expect(given(region, defined).when({ type: 'ReviseBoundary', boundary: triangle(1) })).toEqual([drawn]);
    expect(() => given(region).when({ type: 'ReviseBoundary', boundary: triangle(1) })).toThrow(/Define it first/);
  });

  it('gets a new boundary', () => {
    const again = given(region, defined, drawn).when({ type: 'ReviseBoundary', boundary: triangle(2) });
    expect(again).toEqual([{ type: 'BoundaryRevised', data: { region: 'zone-1', boundary: triangle(2) } }]);
  });

  it('changes nothing when the same boundary is sent again', () => {
    expect(given(region, defined, drawn).when({ type: 'ReviseBoundary', boundary: triangle(1) })).toEqual([]);
    const drawnAtOnce: RegionEvent = { type: 'RegionDefined', data: { ...definition, boundary: triangle(1) } };
    expect(given(region, drawnAtOnce).when({ type: 'ReviseBoundary', boundary: triangle(1) })).toEqual([]);
  });

  it('distinguishes a Polygon from a MultiPolygon with the same rings', () => {
    const { coordinates } = triangle(1) as Extract<Boundary, { type: 'Polygon' }>;
    const boundary: Boundary = { type: 'MultiPolygon', coordinates: [coordinates] };
    expect(given(region, defined, drawn).when({ type: 'ReviseBoundary', boundary })).toHaveLength(1);
  });
});
