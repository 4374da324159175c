// Facts for tests: a small country with a valley, actors, an instrument, and one fact of each kind.
import { regionMap, type Region } from '../region/region-map.js';
import { secondsOf } from '../time.js';
import type { RegionLevel } from '../vocabulary.js';
import type {
  Actor,
  EpisodeFact,
  Framework,
  IncidentFact,
  Instrument,
  Lens,
  Modalities,
  ObservationFact,
  RedLineFact,
  RegionFacts,
  ReportFact,
} from './facts.js';
import { NO_FACTS } from './timeline.js';

/** The instant that the ceasefire came into force: 30 December 2016, 00:00 in Damascus. */
export const CEASEFIRE = secondsOf('2016-12-29T22:00:00Z');

type Place = { readonly parent?: string; readonly parts?: readonly string[]; readonly areaKm2?: number };

function place(code: string, level: RegionLevel, { parent, parts, areaKm2 }: Place = {}): Region {
  return {
    code,
    level,
    name: { en: code, ar: null },
    parent: parent ?? null,
    areaKm2: areaKm2 ?? null,
    centre: null,
    parts: parts ?? [],
  };
}

// Areas in km²: OCHA COD-AB, CC BY 3.0 IGO.
export const REGIONS = regionMap([
  place('SY', 'country'),
  place('SY03', 'governorate', { parent: 'SY', areaKm2: 26_262.2 }),
  place('SY0307', 'district', { parent: 'SY03', areaKm2: 655.2 }),
  place('SY030702', 'subdistrict', { parent: 'SY0307', areaKm2: 102.3 }),
  place('SY030703', 'subdistrict', { parent: 'SY0307', areaKm2: 93.4 }),
  place('SY09', 'governorate', { parent: 'SY', areaKm2: 33_125.4 }),
  place('SY0901', 'district', { parent: 'SY09', areaKm2: 15_000 }),
  place('SY090100', 'subdistrict', { parent: 'SY0901' }),
  place('SY090101', 'subdistrict', { parent: 'SY0901', areaKm2: 1_000 }),
  place('wadi-barada', 'zone', { parts: ['SY030702'] }),
]);

function actor(code: string, bound: boolean, ...guarantors: Actor['guarantors']): Actor {
  return { code, bound, guarantors };
}

export const ACTORS: readonly Actor[] = [
  ...['saa', 'ndf', 'syaaf', 'hezbollah'].map((code) => actor(code, true, 'RU', 'IR')),
  ...['fsa', 'ahrar_al_sham', 'jaysh_al_islam'].map((code) => actor(code, true, 'TR')),
  ...['isis', 'jfs', 'hts', 'ypg', 'civilians', 'unknown'].map((code) => actor(code, false)),
];

export const INSTRUMENT: Instrument = {
  code: 'ceasefire-2016',
  from: CEASEFIRE,
  to: null,
  regions: ['SY'],
  readings: [
    {
      code: 'un-text',
      excluded: [
        { actor: 'isis', from: null },
        { actor: 'jfs', from: null },
        { actor: 'hts', from: '2017-01-27T22:00:00Z' },
      ],
    },
    { code: 'rebels-copy', excluded: [{ actor: 'isis', from: null }] },
  ],
};

export const FRAMEWORK: Framework = {
  regions: REGIONS,
  actors: new Map(ACTORS.map((one) => [one.code, one])),
  instruments: [INSTRUMENT],
  alignments: new Map([
    ['sana', 'government'],
    ['tass', 'RU'],
    ['shaam', 'opposition'],
    ['orient', 'opposition'],
  ]),
};

export const STRICT: Lens = { code: 'strict', reading: 'un-text', exclusionClaims: 'until_upheld' };
export const HONOURED: Lens = { code: 'claims-honoured', reading: 'un-text', exclusionClaims: 'honoured' };

export const ASTANA_1: Modalities = {
  version: 'astana-1',
  from: CEASEFIRE,
  rules: {
    severityPoints: { minor: 1, moderate: 3, serious: 8, grave: 20 },
    verificationWeight: {
      reported: 0.25,
      corroborated: 0.6,
      verified_remote: 1,
      verified_on_site: 1,
      unverifiable: 0.25,
      refuted: 0,
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
  },
};

export function facts(some: Partial<RegionFacts>): RegionFacts {
  return { ...NO_FACTS, ...some };
}

/** Noon in Damascus of a day of January 2017. */
export const NOON = secondsOf('2017-01-10T10:00:00Z');

/** A report of small arms fire by the army in the valley at noon, by an eyewitness. */
export function report(some: Partial<ReportFact> = {}): ReportFact {
  const region = some.region ?? 'SY030702';
  return {
    report: 'r1',
    withdrawn: false,
    from: NOON,
    to: (some.from ?? NOON) + 60,
    precision: 'minute',
    region,
    regions: REGIONS.containing(region),
    kind: 'small_arms_fire',
    severity: null,
    means: 'seen',
    accused: ['saa'],
    target: null,
    casualties: { killed: null, injured: null },
    monitor: 'm1',
    organisation: 'shaam',
    ...some,
  };
}

export function incident(some: Partial<IncidentFact> = {}): IncidentFact {
  return {
    incident: 'i1',
    reports: [report()],
    verification: null,
    attribution: null,
    claims: [],
    mergedInto: null,
    ...some,
  };
}

/** An incident of one report. */
export function incidentWith(some: Partial<ReportFact>, more: Partial<IncidentFact> = {}): IncidentFact {
  return incident({ reports: [report(some)], ...more });
}

export function nil(some: Partial<ObservationFact> = {}): ObservationFact {
  return { report: 'n1', type: 'nil', region: 'SY030702', from: NOON, to: NOON + 3_600, deniedBy: null, ...some };
}

export function denial(some: Partial<ObservationFact> = {}): ObservationFact {
  return { ...nil(some), type: 'access_denied', deniedBy: 'saa' };
}

export function episode(some: Partial<EpisodeFact> = {}): EpisodeFact {
  return {
    episode: 'e1',
    kind: 'offensive',
    name: 'Offensive',
    region: 'SY0307',
    from: NOON,
    to: null,
    accused: ['saa'],
    exclusionClaim: null,
    ...some,
  };
}

export function redLine(some: Partial<RedLineFact> = {}): RedLineFact {
  return {
    redLine: 'l1',
    declaredBy: 'jaysh_al_islam',
    region: 'wadi-barada',
    condition: { kind: 'territorial_gain', by: ['saa'] },
    text: 'the springs',
    withdrawnAt: null,
    ...some,
  };
}
