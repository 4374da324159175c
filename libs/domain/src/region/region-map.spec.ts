import { describe, expect, it } from '@jest/globals';
import { regionMap, type Region } from './region-map.js';

function region(code: string, level: Region['level'], parent: string | null, parts: readonly string[] = []): Region {
  return { code, level, parent, parts, name: { en: code, ar: null }, areaKm2: null, centre: null };
}

const map = regionMap([
  region('valley', 'zone', null, ['C']),
  region('both', 'zone', null, ['C', 'D']),
  region('nowhere', 'zone', null),
  region('D', 'subdistrict', 'B'),
  region('C', 'subdistrict', 'B'),
  region('B', 'district', 'A'),
  region('A', 'governorate', 'SY'),
  region('SY', 'country', null),
]);

describe('a map of regions', () => {
  it('lists what contains a sub-district, the largest first and zones last', () => {
    expect(map.containing('C')).toEqual(['SY', 'A', 'B', 'C', 'both', 'valley']);
    expect(map.containing('D')).toEqual(['SY', 'A', 'B', 'D', 'both']);
  });

  it('puts a zone inside whatever contains all of its parts', () => {
    expect(map.containing('both')).toEqual(['SY', 'A', 'B', 'both']);
    expect(map.containing('valley')).toEqual(['SY', 'A', 'B', 'C', 'both', 'valley']);
  });

  it('puts a zone without parts in the country', () => {
    expect(map.containing('nowhere')).toEqual(['SY', 'nowhere']);
  });

  it('lists the regions inside, and the leaves', () => {
    expect(map.inside('B')).toEqual(['B', 'C', 'D', 'both', 'valley']);
    expect(map.leaves('A').map(({ code }) => code)).toEqual(['C', 'D']);
    expect(map.leaves('valley').map(({ code }) => code)).toEqual(['C']);
    expect(map.leaves('C').map(({ code }) => code)).toEqual(['C']);
    expect(map.leaves('nowhere').map(({ code }) => code)).toEqual(['nowhere']);
  });

  it('answers an undefined code with empty lists', () => {
    expect(map.containing('X')).toEqual([]);
    expect(map.leaves('X')).toEqual([]);
  });
});
