// Arbitraries: a year of facts that become known in any order and change again, over many time buckets.
import fc from '../../../../test/support/fast-check.js';
import {
  DAY,
  HOUR,
  MEANS,
  regionMap,
  secondsOf,
  SEVERITIES,
  TIME_PRECISIONS,
  VERIFICATION_LEVELS,
  type EpisodeFact,
  type IncidentFact,
  type Lens,
  type Modalities,
  type RedLineFact,
  type Region,
  type ReportFact,
} from '#domain';
import type { Register } from '#registry';
import type { Observation } from '../facts/fold-observation.js';

const place = (code: string, level: Region['level'], parent: string | null, parts: readonly string[] = []): Region => ({
  ...{ code, level, name: { en: code, ar: null }, parent, areaKm2: null, centre: null, parts },
});
const MAP = regionMap([
  place('SY', 'country', null),
  place('SY02', 'governorate', 'SY'),
  place('SY03', 'governorate', 'SY'),
  place('SY0301', 'district', 'SY03'),
  place('SY0302', 'district', 'SY03'),
  place('valley', 'zone', null, ['SY0301']),
]);
const BEGIN = secondsOf('2017-01-01T00:00:00Z');
export const YEAR_ENDS = BEGIN + 365 * DAY;

const RULES: Modalities['rules'] = {
  severityPoints: { minor: 1, moderate: 3, serious: 8, grave: 20 },
  verificationWeight: {
    ...{ reported: 0.25, corroborated: 0.6, verified_remote: 1, verified_on_site: 1, unverifiable: 0.25, refuted: 0 },
  },
  unverifiedCap: 2,
  window: [
    { hours: 48, factor: 1 },
    { hours: 168, factor: 0.5 },
  ],
  thresholds: { strained: 3, violated: 10, breakdown_indicated: 40 },
  stepDown: { hours: 72, below: 0.8 },
  coverage: { share: 0.5, vouchHours: 12 },
  decisionRule: 'unanimous',
};
export const LENSES: readonly Lens[] = [
  { code: 'strict', reading: 'text', exclusionClaims: 'until_upheld' },
  { code: 'TR', reading: 'text', exclusionClaims: 'honoured', positionsOf: 'TR' },
];
export const MODALITIES: Modalities = { version: 'one', from: BEGIN, rules: RULES };

const BASE: Register = {
  ...{ position: 0, regions: MAP, actorDetails: new Map(), regionDetails: new Map() },
  actors: new Map([
    ['saa', { code: 'saa', bound: true, guarantors: ['RU'] }],
    ['fsa', { code: 'fsa', bound: true, guarantors: ['TR'] }],
    ['isis', { code: 'isis', bound: false, guarantors: [] }],
  ]),
  instruments: [
    {
      ...{ code: 'ceasefire', from: BEGIN + 10 * DAY, to: null, regions: ['SY'] },
      readings: [{ code: 'text', excluded: [{ actor: 'isis', from: null }] }],
    },
  ],
  alignments: new Map([['sana', 'government']]),
  lenses: new Map(LENSES.map((lens) => [lens.code, lens])),
  modalities: [MODALITIES],
  ...{ locate: () => null, zonesAt: () => [], mayBeIn: () => true },
};

/** A change of the registers: an organisation, an actor or a zone. */
export function registered(register: Register, what: 'organisation' | 'actor' | 'stranger' | 'zone'): Register {
  switch (what) {
    case 'organisation':
      return { ...register, alignments: new Map([...register.alignments, ['shaam', 'opposition']]) };
    case 'stranger':
      return { ...register, alignments: new Map([...register.alignments, ['nobody-reported-by', 'unknown']]) };
    case 'actor': {
      const actor = { code: 'hts', bound: false, guarantors: [] };
      return { ...register, actors: new Map([...register.actors, ['hts', actor]]) };
    }
    case 'zone':
      return { ...register, regions: regionMap([...MAP.all, place('north', 'zone', null, ['SY02', 'SY0302'])]) };
  }
}

export const FIRST_REGISTER = BASE;

const region = fc.constantFrom(...MAP.all.map(({ code }) => code));
const instant = fc.nat(365).chain((day) => fc.nat(24).map((hour) => BEGIN + day * DAY + hour * HOUR));
const id = fc.nat(7).map((n) => `00000000-0000-4000-8000-00000000000${n}`);
const actors = fc.subarray(['saa', 'fsa', 'isis', 'hts']);

const report = fc
  .record({
    from: instant,
    lasts: fc.constantFrom(null, 0, HOUR, 60 * HOUR, 20 * DAY, 90 * DAY),
    precision: fc.constantFrom(...TIME_PRECISIONS),
    region,
    kind: fc.constantFrom('territorial_gain' as const, 'air_strike' as const),
    severity: fc.option(fc.constantFrom(...SEVERITIES)),
    means: fc.constantFrom(...MEANS),
    accused: actors,
    monitor: fc.constantFrom('m1', 'm2'),
    organisation: fc.constantFrom('sana', 'shaam'),
    withdrawn: fc.constantFrom(false, false, true),
  })
  .map(({ lasts, ...rest }): Omit<ReportFact, 'report'> => ({
    ...rest,
    to: lasts === null ? null : rest.from + lasts,
    regions: MAP.containing(rest.region),
    target: null,
    casualties: { killed: null, injured: null },
  }));

const incident = fc
  .record({
    id,
    reports: fc.array(report, { maxLength: 2 }),
    level: fc.option(fc.constantFrom(...VERIFICATION_LEVELS)),
    merged: fc.constantFrom(null, null, null, '00000000-0000-4000-8000-0000000000ff'),
  })
  .map(({ id: code, reports, level, merged }): IncidentFact => ({
    incident: code,
    reports: reports.map((one, index) => ({ ...one, report: `${code}-${index}` })),
    verification: level && { level, severity: null },
    attribution: null,
    claims: [],
    mergedInto: merged,
  }));

const observation = fc
  .record({
    type: fc.constantFrom('nil' as const, 'nil' as const, 'access_denied' as const),
    region,
    from: instant,
    lasts: fc.constantFrom(0, 10 * HOUR, 5 * DAY, 60 * DAY),
  })
  .map(({ lasts, ...rest }) => ({
    ...rest,
    to: rest.from + lasts,
    deniedBy: null,
    regions: MAP.containing(rest.region),
  }));

const episode = fc
  .record({ id, region, from: instant, lasts: fc.option(fc.nat(100)), accused: actors })
  .map(({ id: code, lasts, ...rest }): EpisodeFact => ({
    ...rest,
    ...{ episode: code, kind: 'siege', name: '', exclusionClaim: null },
    to: lasts === null ? null : rest.from + lasts * DAY,
  }));

const redLine = fc
  .record({ id, region, declaredBy: fc.constantFrom('fsa', 'saa'), withdrawnAt: fc.option(instant) })
  .map(({ id: code, ...rest }): RedLineFact => ({
    ...rest,
    ...{ redLine: code, condition: { kind: 'territorial_gain', by: null }, text: '' },
  }));

/** A fact becomes known, or time passes. */
export type Step =
  | { readonly is: 'incident'; readonly fact: IncidentFact }
  | { readonly is: 'observation'; readonly report: string; readonly fact: Observation | null }
  | { readonly is: 'episode'; readonly fact: EpisodeFact }
  | { readonly is: 'red line'; readonly fact: RedLineFact }
  | { readonly is: 'registered'; readonly what: Parameters<typeof registered>[1] }
  | { readonly is: 'time'; readonly days: number };

const kept = fc.option(observation, { freq: 3 });
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: incident.map((fact): Step => ({ is: 'incident', fact })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id, kept)
      .map(([one, fact]): Step => ({ is: 'observation', report: one, fact: fact && { ...fact, report: one } })),
  },
  { weight: 1, arbitrary: episode.map((fact): Step => ({ is: 'episode', fact })) },
  { weight: 1, arbitrary: redLine.map((fact): Step => ({ is: 'red line', fact })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('organisation' as const, 'actor' as const, 'stranger' as const, 'zone' as const)
      .map((what): Step => ({ is: 'registered', what })),
  },
  { weight: 2, arbitrary: fc.nat(60).map((days): Step => ({ is: 'time', days })) },
);

export const anyInstant = fc.nat(500).map((day) => BEGIN + (day - 30) * DAY + 7 * HOUR);
