import { describe, expect, it } from '@jest/globals';
import { GUARANTORS, type DomainEvent } from '#domain';
import { astanaProfile } from './astana-profile.js';
import { missingFrom } from './load-profile.js';

const profile = astanaProfile();

type DataOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>['data'];

function all<Type extends DomainEvent['type']>(type: Type): readonly DataOf<Type>[] {
  return profile.filter(({ event }) => event.type === type).map(({ event }) => event.data as DataOf<Type>);
}

const regions = new Map(all('RegionDefined').map((region) => [region.region, region]));
const actors = new Map(all('ActorRegistered').map((actor) => [actor.actor, actor]));
const [instrument] = all('InstrumentRegistered');

describe('the Astana profile', () => {
  it('has the country, 14 governorates, 62 districts, 272 sub-districts and the zone of the valley', () => {
    const levels = [...regions.values()].map(({ level }) => level);
    const count = (level: string): number => levels.filter((each) => each === level).length;
    expect(['country', 'governorate', 'district', 'subdistrict', 'zone'].map(count)).toEqual([1, 14, 62, 272, 1]);
  });

  it('names every region in English and Arabic, with its area, its centre and its parent', () => {
    expect(regions.get('SY030702')).toEqual({
      region: 'SY030702',
      level: 'subdistrict',
      name: { en: 'Ein Elfijeh', ar: 'عين الفيجة' },
      parent: 'SY0307',
      areaKm2: 102.3,
      centre: { lon: 36.18767675, lat: 33.63612923 },
      parts: [],
      boundary: null,
      from: null,
    });
    for (const { level, parent, centre, areaKm2 } of regions.values()) {
      if (level === 'country' || level === 'zone') continue;
      expect(regions.has(parent ?? '')).toBe(true);
      expect(centre).not.toBeNull();
      expect(areaKm2).toBeGreaterThan(0);
    }
  });

  it('gives the country the sum of its governorates as area', () => {
    const governorates = [...regions.values()].filter(({ level }) => level === 'governorate');
    const sum = governorates.reduce((total, { areaKm2 }) => total + (areaKm2 ?? 0), 0);
    expect(regions.get('SY')?.areaKm2).toBeCloseTo(sum, 6);
    expect(regions.get('SY')?.centre).toBeNull();
  });

  it('draws Wadi Barada as a closed ring around a part of Ein Elfijeh', () => {
    const valley = regions.get('wadi-barada');
    expect(valley?.parts).toEqual(['SY030702']);
    const [ring] = valley?.boundary?.coordinates ?? [];
    expect(ring).toHaveLength(5);
    expect(ring?.at(-1)).toEqual(ring?.at(0));
  });

  it('binds the signatories, not those whom the texts leave out', () => {
    expect(actors.get('saa')).toMatchObject({ bound: true, guarantors: ['RU', 'IR'] });
    expect(actors.get('jaysh_al_islam')).toMatchObject({ bound: true, guarantors: ['TR'] });
    const unbound = [...actors.values()].filter(({ bound }) => !bound).map(({ actor }) => actor);
    expect(unbound).toEqual(['isis', 'jfs', 'hts', 'ypg', 'us_coalition', 'civilians', 'unknown']);
    expect(actors.size).toBe(22);
  });

  it('reads the instrument in two ways', () => {
    expect(instrument).toMatchObject({ from: '2016-12-29T22:00:00Z', to: null, regions: ['SY'] });
    expect(instrument?.readings).toEqual([
      {
        code: 'un-text',
        excluded: [
          { actor: 'isis', from: null },
          { actor: 'jfs', from: null },
          { actor: 'hts', from: '2017-01-27T22:00:00Z' },
        ],
      },
      { code: 'rebel-copy', excluded: [{ actor: 'isis', from: null }] },
    ]);
  });

  it('names nobody and no place that it does not define itself', () => {
    const named = [
      ...(instrument?.signatories ?? []),
      ...(instrument?.readings ?? []).flatMap(({ excluded }) => excluded.map(({ actor }) => actor)),
    ];
    expect(named.filter((code) => !actors.has(code))).toEqual([]);
    expect((instrument?.regions ?? []).filter((code) => !regions.has(code))).toEqual([]);
    expect(all('LensDefined').map(({ reading }) => reading)).toEqual(['un-text']);
    expect(
      [...actors.values()].flatMap(({ guarantors }) => guarantors).every((each) => GUARANTORS.includes(each)),
    ).toBe(true);
  });

  it('begins every stream once', () => {
    expect(new Set(profile.map(({ stream }) => stream)).size).toBe(profile.length);
    expect(profile).toHaveLength(350 + 22 + 1 + 1 + 1);
  });

  it('is missing only where its stream is', () => {
    expect(missingFrom(profile, new Set(profile.slice(1).map(({ stream }) => stream)))).toEqual(profile.slice(0, 1));
  });
});
