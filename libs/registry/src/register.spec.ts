import { describe, expect, it } from '@jest/globals';
import type { Boundary, RegionDefined, RegionLevel } from '#domain';
import { astanaProfile } from '#profile';
import { distanceKm } from './centres.js';
import { REGISTER_EVENT_TYPES, type RegisterEvent } from './register-fold.js';
import { registerFrom } from './register.js';

type Definition = Partial<RegionDefined['data']>;

function defined(region: string, level: RegionLevel, more: Definition = {}): RegisterEvent {
  const nothing = { parent: null, areaKm2: null, centre: null, parts: [], boundary: null, from: null };
  return { type: 'RegionDefined', data: { region, level, name: { en: region, ar: null }, ...nothing, ...more } };
}

function revised(region: string, boundary: Boundary): RegisterEvent {
  return { type: 'BoundaryRevised', data: { region, boundary } };
}

/** From a corner to the opposite one. */
function square(west: number, south: number, east: number, north: number): Boundary {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

// One degree of latitude is 111 km: two districts next to each other, each with a southern and a northern sub-district.
const land = [
  defined('L', 'country'),
  defined('L1', 'governorate', { parent: 'L' }),
  defined('L11', 'district', { parent: 'L1' }),
  defined('L12', 'district', { parent: 'L1' }),
  defined('L111', 'subdistrict', { parent: 'L11', centre: { lon: 0.25, lat: 0.25 } }),
  defined('L112', 'subdistrict', { parent: 'L11', centre: { lon: 0.25, lat: 0.75 } }),
  defined('L121', 'subdistrict', { parent: 'L12', centre: { lon: 0.75, lat: 0.25 } }),
  defined('L122', 'subdistrict', { parent: 'L12', centre: { lon: 0.75, lat: 0.75 } }),
];

describe('the distance between two points', () => {
  it('is a degree of the mean meridian for a degree of latitude', () => {
    expect(distanceKm({ lon: 36, lat: 33 }, { lon: 36, lat: 34 })).toBeCloseTo((6371.0088 * Math.PI) / 180, 9);
  });

  it('agrees with the law of cosines over a long way, and is nothing for one place', () => {
    const [damascus, aleppo] = [
      { lon: 36.3, lat: 33.5 },
      { lon: 37.15, lat: 36.2 },
    ];
    const [one, other, turn] = [damascus.lat, aleppo.lat, aleppo.lon - damascus.lon].map(
      (each) => (each * Math.PI) / 180,
    );
    const angle = Math.acos(
      Math.sin(one ?? 0) * Math.sin(other ?? 0) + Math.cos(one ?? 0) * Math.cos(other ?? 0) * Math.cos(turn ?? 0),
    );
    expect(distanceKm(damascus, aleppo)).toBeCloseTo(6371.0088 * angle, 6);
    expect(distanceKm(damascus, damascus)).toBe(0);
  });
});

describe('a register', () => {
  it('locates a point in the smallest boundary that contains it', () => {
    const shapes = [revised('L1', square(0, 0, 1, 1)), revised('L11', square(0, 0, 0.5, 1))];
    const { locate } = registerFrom([...land, ...shapes, revised('L111', square(0, 0, 0.5, 0.5))], 1);
    expect(locate({ lon: 0.2, lat: 0.2 })).toEqual({ region: 'L111', by: 'shape' });
    expect(locate({ lon: 0.2, lat: 0.8 })).toEqual({ region: 'L11', by: 'shape' });
    expect(locate({ lon: 0.8, lat: 0.8 })).toEqual({ region: 'L1', by: 'shape' });
  });

  it('locates a point outside all boundaries by the nearest centre: the sub-district up to 50 km, the governorate up to 110 km', () => {
    const { locate } = registerFrom([...land, revised('L111', square(0, 0, 0.1, 0.1))], 1);
    expect(locate({ lon: 0.7, lat: 0.7 })).toEqual({ region: 'L122', by: 'nearest_centre' });
    expect(locate({ lon: 0.75, lat: 0.75 + 0.449 })).toEqual({ region: 'L122', by: 'nearest_centre' });
    expect(locate({ lon: 0.75, lat: 0.75 + 0.451 })).toEqual({ region: 'L1', by: 'nearest_centre' });
    expect(locate({ lon: 0.75, lat: 0.75 + 0.989 })).toEqual({ region: 'L1', by: 'nearest_centre' });
    expect(locate({ lon: 0.75, lat: 0.75 + 0.99 })).toBeNull();
  });

  it('never locates a point in a zone or in the country', () => {
    const drawn = [revised('L', square(-9, -9, 9, 9)), defined('Z', 'zone', { boundary: square(-9, -9, 9, 9) })];
    const { locate, zonesAt } = registerFrom([...land, ...drawn], 1);
    expect(locate({ lon: 5, lat: 5 })).toBeNull();
    expect(zonesAt({ lon: 5, lat: 5 })).toEqual(['Z']);
    expect(zonesAt({ lon: 9.5, lat: 5 })).toEqual([]);
  });

  it('respects holes, islands and the boundary line itself', () => {
    const ring = square(0, 0, 0.5, 0.5).coordinates[0] as number[][];
    const hole = square(0.2, 0.2, 0.3, 0.3).coordinates[0] as number[][];
    const island = square(5, 5, 6, 6).coordinates[0] as number[][];
    const { locate } = registerFrom(
      [...land, revised('L111', { type: 'MultiPolygon', coordinates: [[ring, hole], [island]] })],
      1,
    );
    expect(locate({ lon: 0.1, lat: 0.1 })?.by).toBe('shape');
    expect(locate({ lon: 0.25, lat: 0.25 })?.by).toBe('nearest_centre');
    expect(locate({ lon: 5.5, lat: 5.5 })).toEqual({ region: 'L111', by: 'shape' });
    expect(locate({ lon: 0, lat: 0.25 })?.by).toBe('shape');
  });

  it('takes the last boundary of a region', () => {
    const { locate, regionDetails } = registerFrom(
      [...land, revised('L111', square(0, 0, 0.5, 0.5)), revised('L111', square(0, 0, 0.1, 0.1))],
      1,
    );
    expect(locate({ lon: 0.3, lat: 0.3 })?.by).toBe('nearest_centre');
    expect(regionDetails.get('L111')).toMatchObject({ boundary: square(0, 0, 0.1, 0.1), from: null, version: 3 });
  });

  it('takes as parts of a zone with a boundary only the sub-districts whose centre is inside it', () => {
    const { regions } = registerFrom([...land, defined('Z', 'zone', { boundary: square(0, 0, 0.4, 1) })], 1);
    expect(regions.get('Z')?.parts).toEqual(['L111', 'L112']);
    expect(regions.containing('L112')).toEqual(['L', 'L1', 'L11', 'L112', 'Z']);
    expect(regions.containing('Z')).toEqual(['L', 'L1', 'L11', 'Z']);
  });

  it('keeps the parts of a zone that has both parts and a boundary', () => {
    const zone = defined('Z', 'zone', { parts: ['L122'], boundary: square(0, 0, 0.4, 1) });
    expect(registerFrom([...land, zone], 1).regions.get('Z')?.parts).toEqual(['L122']);
  });
});

describe('whether a point may be in a region', () => {
  it('is exact by the boundary of the region', () => {
    const { mayBeIn } = registerFrom([...land, revised('L11', square(0, 0, 0.5, 1))], 1);
    expect(mayBeIn({ lon: 0.499, lat: 0.5 }, 'L11')).toBe(true);
    expect(mayBeIn({ lon: 0.501, lat: 0.5 }, 'L11')).toBe(false);
  });

  it('is exact by the boundaries of all its leaves', () => {
    const leaves = [revised('L111', square(0, 0, 0.5, 0.5)), revised('L112', square(0, 0.5, 0.5, 1))];
    const { mayBeIn } = registerFrom([...land, ...leaves], 1);
    expect(mayBeIn({ lon: 0.499, lat: 0.9 }, 'L11')).toBe(true);
    expect(mayBeIn({ lon: 0.501, lat: 0.9 }, 'L11')).toBe(false);
    expect(mayBeIn({ lon: 0.501, lat: 0.9 }, 'L1')).toBe(true);
  });

  it('is decided by the centres where boundaries are missing, with 10 km of slack', () => {
    const { mayBeIn } = registerFrom(land, 1);
    // On the equator 0.04 degrees east of the middle: 8.9 km farther from the western centres than from the eastern.
    expect(mayBeIn({ lon: 0.54, lat: 0.25 }, 'L11')).toBe(true);
    expect(mayBeIn({ lon: 0.56, lat: 0.25 }, 'L11')).toBe(false);
    expect(mayBeIn({ lon: 0.56, lat: 0.25 }, 'L1')).toBe(true);
    expect(mayBeIn({ lon: 0.56, lat: 0.25 }, 'L121')).toBe(true);
  });

  it('is false far from every centre', () => {
    const { mayBeIn } = registerFrom(land, 1);
    expect(mayBeIn({ lon: 0.25, lat: 1.7 }, 'L')).toBe(true);
    expect(mayBeIn({ lon: 0.25, lat: 2 }, 'L')).toBe(false);
  });

  it('is true for a zone in its boundary and in its parts', () => {
    const zone = defined('Z', 'zone', { parts: ['L111'], boundary: square(0.6, 0.6, 0.7, 0.7) });
    const { mayBeIn } = registerFrom([...land, zone], 1);
    expect(mayBeIn({ lon: 0.65, lat: 0.65 }, 'Z')).toBe(true);
    expect(mayBeIn({ lon: 0.25, lat: 0.25 }, 'Z')).toBe(true);
    expect(mayBeIn({ lon: 0.9, lat: 0.9 }, 'Z')).toBe(false);
    const drawn = registerFrom([...land, defined('Y', 'zone', { boundary: square(0, 0, 0.4, 0.4) })], 1);
    expect(drawn.mayBeIn({ lon: 0.1, lat: 0.1 }, 'Y')).toBe(true);
    expect(drawn.mayBeIn({ lon: 0.41, lat: 0.1 }, 'Y')).toBe(false);
  });

  it('is true where nothing is known', () => {
    const { mayBeIn } = registerFrom([...land, defined('Z', 'zone')], 1);
    expect(mayBeIn({ lon: 0, lat: 0 }, 'Z')).toBe(true);
    expect(mayBeIn({ lon: 0, lat: 0 }, 'nowhere')).toBe(true);
  });
});

describe('the register of the Astana profile', () => {
  const events = astanaProfile().map(({ event }) => event);
  const register = registerFrom(
    events.filter((event): event is RegisterEvent => REGISTER_EVENT_TYPES.some((type) => type === event.type)),
    events.length,
  );

  it('has everything that the profile defines', () => {
    expect(register.regions.all).toHaveLength(350);
    expect(register.regions.leaves('SY')).toHaveLength(272);
    expect(register.actors.get('hezbollah')).toEqual({ code: 'hezbollah', bound: true, guarantors: ['RU', 'IR'] });
    expect(register.lenses.get('strict')).toEqual({
      code: 'strict',
      reading: 'un-text',
      exclusionClaims: 'until_upheld',
    });
    expect(register.position).toBe(375);
  });

  it('computes in seconds', () => {
    expect(register.instruments.map(({ from, to }) => [from, to])).toEqual([[1483048800, null]]);
    expect(register.modalities.map(({ version, from }) => [version, from])).toEqual([['astana-1', 1483048800]]);
  });

  it('places the valley inside the sub-district of its part, and the sub-district inside the valley', () => {
    expect(register.regions.containing('SY030702')).toEqual(['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada']);
    expect(register.regions.containing('wadi-barada')).toEqual(['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada']);
  });

  it('places the spring of Ain al-Fijah', () => {
    const spring = { lon: 36.18, lat: 33.615 };
    expect(register.locate(spring)).toEqual({ region: 'SY030702', by: 'nearest_centre' });
    expect(register.zonesAt(spring)).toEqual(['wadi-barada']);
    expect(register.mayBeIn(spring, 'SY030702')).toBe(true);
    expect(register.mayBeIn(spring, 'SY02')).toBe(false);
    expect(register.mayBeIn({ lon: 2.35, lat: 48.86 }, 'SY')).toBe(false);
  });

  it.each([
    ['Rukban', { lon: 38.6593, lat: 33.3258 }],
    ['al-Tanf', { lon: 38.6175, lat: 33.4906 }],
  ])('places %s, far from every centre, in a governorate', (_, point) => {
    const located = register.locate(point);
    expect(located?.by).toBe('nearest_centre');
    expect(register.regions.get(located?.region ?? '')?.level).toBe('governorate');
  });

  it.each([
    ['Baghdad', { lon: 44.36, lat: 33.31 }],
    ['Paris', { lon: 2.35, lat: 48.86 }],
  ])('places %s nowhere', (_, point) => {
    expect(register.locate(point)).toBeNull();
  });

  it('orders modalities by when they come into force', () => {
    const [first] = register.modalities;
    const rules = first?.rules;
    if (!rules) throw new Error('the profile has modalities');
    const adopted = (version: string, from: string): RegisterEvent => ({
      type: 'ModalitiesAdopted',
      data: { version, from, rules },
    });
    const { modalities } = registerFrom(
      [adopted('b', '2018-01-01T00:00:00Z'), adopted('a', '2017-06-01T00:00:00Z')],
      2,
    );
    expect(modalities.map(({ version }) => version)).toEqual(['a', 'b']);
  });

  it('has the alignment of an organisation by its pseudonym', () => {
    const registered = (alignment: string): RegisterEvent => ({
      type: 'OrganisationRegistered',
      data: { organisation: 'p5eudonym', alignment },
    });
    expect(registerFrom([registered('opposition')], 1).alignments.get('p5eudonym')).toBe('opposition');
  });
});
