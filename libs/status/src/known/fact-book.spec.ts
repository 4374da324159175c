import { describe, expect, it } from '@jest/globals';
import fc from '../../../../test/support/fast-check.js';
import { regionMap, type IncidentFact, type Region } from '#domain';
import type { Register } from '#registry';
import type { Observation } from '../facts/fold-observation.js';
import { FactBook, type News } from './fact-book.js';

const place = (code: string, level: Region['level'], parent: string | null, parts: readonly string[] = []): Region => ({
  code,
  level,
  name: { en: code, ar: null },
  parent,
  areaKm2: null,
  centre: null,
  parts,
});
const REGIONS = [
  place('SY', 'country', null),
  place('SY02', 'governorate', 'SY'),
  place('SY03', 'governorate', 'SY'),
  place('SY0307', 'district', 'SY03'),
  place('SY030702', 'subdistrict', 'SY0307'),
  place('SY030703', 'subdistrict', 'SY0307'),
  place('valley', 'zone', null, ['SY030702']),
];
const MAP = regionMap(REGIONS);
const register = (position: number, regions = MAP): Register => ({
  position,
  regions,
  actors: new Map(),
  instruments: [],
  alignments: new Map(),
  lenses: new Map(),
  actorDetails: new Map(),
  regionDetails: new Map(),
  modalities: [],
  locate: () => null,
  zonesAt: () => [],
  mayBeIn: () => true,
});

const NOTHING: News = {
  ...{ incidents: [], observations: [], goneObservations: [], episodes: [], redLines: [] },
  learntAt: new Map(),
};
const incident = (id: string, regions: readonly string[]): News['incidents'][0] => {
  const fact: IncidentFact = {
    incident: id,
    reports: [],
    verification: null,
    attribution: null,
    claims: [],
    mergedInto: null,
  };
  return { fact, regions };
};
const observation = (report: string, region: string): Observation => ({
  report,
  type: 'nil',
  region,
  regions: MAP.containing(region),
  from: 0,
  to: 1,
  deniedBy: null,
});
const changed = (book: FactBook, at: number): readonly string[] =>
  MAP.all.map(({ code }) => code).filter((code) => book.changedAt(code) === at);

describe('the fact index', () => {
  it('gives a region the incidents that count there', () => {
    const book = new FactBook(register(0));
    book.record({ ...NOTHING, incidents: [incident('i-1', ['SY', 'SY03'])] }, register(5));
    expect(book.factsOf('SY03').incidents).toHaveLength(1);
    book.record({ ...NOTHING, incidents: [incident('i-1', ['SY', 'SY02'])] }, register(6));
    expect([book.factsOf('SY02').incidents.length, book.factsOf('SY03').incidents.length]).toEqual([1, 0]);
    expect(changed(book, 6)).toEqual(['SY', 'SY02', 'SY03']);
    expect(book.position).toBe(6);
  });

  it('gives a region the observations of every region that overlaps it', () => {
    const book = new FactBook(register(0));
    book.record({ ...NOTHING, observations: [observation('r-1', 'valley')] }, register(5));
    expect(changed(book, 5)).toEqual(['SY', 'SY03', 'SY0307', 'SY030702', 'valley']);
    expect(book.factsOf('SY0307').observations).toHaveLength(1);
    expect(book.factsOf('SY030703').observations).toHaveLength(0);
    book.record({ ...NOTHING, goneObservations: ['r-1'] }, register(6));
    expect(book.factsOf('SY0307').observations).toEqual([]);
    expect(changed(book, 6)).toEqual(['SY', 'SY03', 'SY0307', 'SY030702', 'valley']);
  });

  it('applies an episode to its region and those inside, and a red line to its region', () => {
    const book = new FactBook(register(0));
    const episode = {
      ...{ episode: 'e-1', kind: 'siege' as const, name: '', region: 'SY0307', from: 0, to: null },
      accused: [],
      exclusionClaim: null,
    };
    book.record({ ...NOTHING, episodes: [episode] }, register(5));
    expect(changed(book, 5)).toEqual(['SY0307', 'SY030702', 'SY030703', 'valley']);
    const condition = { kind: 'air_strike' as const, by: null };
    const redLine = { redLine: 'l-1', declaredBy: 'fsa', region: 'SY03', condition, text: '', withdrawnAt: null };
    book.record({ ...NOTHING, redLines: [redLine] }, register(6));
    expect(changed(book, 6)).toEqual(['SY03']);
    expect(book.factsOf('SY02').redLines).toEqual([redLine]);
  });

  it('has the position of the newest event that affects a region', () => {
    const book = new FactBook(register(0));
    const learntAt = new Map(Object.entries({ 'i-1': 3, 'i-2': 4, 'r-1': 7 }));
    const incidents = [incident('i-2', ['SY', 'SY02']), incident('i-1', ['SY', 'SY03'])];
    book.record({ ...NOTHING, incidents, learntAt }, register(5));
    expect(['SY', 'SY02', 'SY03', 'SY0307'].map((code) => book.learntAt(code))).toEqual([4, 4, 3, 0]);
    book.record({ ...NOTHING, goneObservations: ['r-1'], learntAt }, register(8));
    expect(book.learntAt('SY')).toBe(4);
  });

  it('recomputes which regions affect which when a zone is defined', () => {
    const book = new FactBook(register(0));
    book.record({ ...NOTHING, observations: [observation('r-1', 'SY02')] }, register(5));
    const wider = regionMap([...REGIONS, place('north', 'zone', null, ['SY02'])]);
    book.record(NOTHING, register(6, wider));
    expect(book.factsOf('north').observations).toHaveLength(1);
  });

  it('is the same after many deltas and after one', () => {
    const region = fc.constantFrom(...MAP.all.map(({ code }) => code));
    const id = fc.constantFrom('1', '2', '3', '4');
    const step = fc.oneof(
      fc.tuple(id, region).map(([n, code]) => ({ ...NOTHING, incidents: [incident(n, MAP.containing(code))] })),
      fc.tuple(id, region).map(([n, code]) => ({ ...NOTHING, observations: [observation(n, code)] })),
      id.map((n) => ({ ...NOTHING, goneObservations: [n] })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const slow = new FactBook(register(0));
        const incidents = new Map<string, News['incidents'][0]>();
        const observations = new Map<string, Observation>();
        for (const [index, news] of steps.entries()) {
          slow.record(news, register(index + 1));
          for (const { code } of MAP.all) slow.factsOf(code);
          for (const one of news.incidents) incidents.set(one.fact.incident, one);
          for (const one of news.observations) observations.set(one.report, one);
          for (const report of news.goneObservations) observations.delete(report);
        }
        const atOnce = new FactBook(register(0));
        const all = { ...NOTHING, incidents: [...incidents.values()], observations: [...observations.values()] };
        atOnce.record(all, register(99));
        for (const { code } of MAP.all) {
          const [one, other] = [slow, atOnce].map((book) => book.factsOf(code));
          expect(sorted(one?.incidents.map((fact) => fact.incident))).toEqual(
            sorted(other?.incidents.map((fact) => fact.incident)),
          );
          expect(sorted(one?.observations.map(({ report }) => report))).toEqual(
            sorted(other?.observations.map(({ report }) => report)),
          );
        }
      }),
    );
  });
});

function sorted(ids: readonly string[] = []): readonly string[] {
  return [...ids].sort();
}
