import { describe, expect, it } from '@jest/globals';
import { parseBoundaries, type ImportLevel } from './cod-ab.js';

const geometry = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  ],
};

function feature(properties: object, drawn: object | null = geometry): object {
  return { type: 'Feature', properties, geometry: drawn };
}

function read(level: ImportLevel, ...features: readonly object[]) {
  return parseBoundaries(JSON.stringify({ type: 'FeatureCollection', features }), level, 'areas.geojson');
}

const governorate = { adm1_pcode: 'SY01', adm1_name: 'Damascus', adm1_name1: 'دمشق' };
const district = { ...governorate, adm2_pcode: 'SY0100', adm2_name: 'Damascus' };
const subdistrict = { ...district, adm3_pcode: 'SY010000', adm3_name: 'Damascus' };

describe('a file of boundaries', () => {
  it('is read at each level', () => {
    expect(read('governorate', feature(governorate))).toEqual([{ code: 'SY01', name: 'Damascus', boundary: geometry }]);
    expect(read('district', feature(district)).map(({ code }) => code)).toEqual(['SY0100']);
    expect(read('subdistrict', feature(subdistrict)).map(({ code }) => code)).toEqual(['SY010000']);
  });

  it('is read with the older property names', () => {
    const old = { ADM1_PCODE: 'SY01', ADM1_EN: 'Damascus' };
    expect(read('governorate', feature(old))).toMatchObject([{ code: 'SY01', name: 'Damascus' }]);
  });

  it('of another level is refused, and its level is named', () => {
    expect(() => read('district', feature(subdistrict))).toThrow(/--level subdistrict/);
    expect(() => read('governorate', feature(district))).toThrow(/--level district/);
    expect(() => read('subdistrict', feature(governorate))).toThrow(/--level governorate/);
  });

  it('without p-codes is refused, and the first feature without one is named', () => {
    expect(() => read('governorate', feature(governorate), feature({}))).toThrow(
      /feature 2 has no property adm1_pcode/,
    );
  });

  it('of points is refused', () => {
    const point = { type: 'Point', coordinates: [0, 0] };
    expect(() => read('governorate', feature(governorate, point))).toThrow(/feature 1 \(SY01\) is a Point/);
    expect(() => read('governorate', feature(governorate, null))).toThrow(/feature without geometry/);
  });

  it('with two features for one region is refused', () => {
    expect(() => read('governorate', feature(governorate), feature(governorate))).toThrow(/several features for SY01;/);
  });

  it('that is not GeoJSON is refused', () => {
    expect(() => parseBoundaries('PK', 'governorate', 'areas.zip')).toThrow(/areas.zip is not a GeoJSON/);
    expect(() => read('governorate')).toThrow(/not a GeoJSON FeatureCollection/);
  });
});
