// Samples of each event type in every shape that is written now. They are typed, so a changed shape must be changed here
// too; the golden corpus then fails until it has a new schema version.
import type { DomainEvent, EventType } from '../event.js';
import type { CarriedReport, ObservationContent, ViolationContent } from '../report/report-events.js';

type DataOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>['data'];

const INCIDENT = '0f4b6a52-7a0e-4c9b-9d0a-0d7c1e6f1a01';
const OTHER_INCIDENT = '0f4b6a52-7a0e-4c9b-9d0a-0d7c1e6f1a02';
const REPORT = '5b9e1d1c-2f43-4a55-8c53-6f0b7a2c3d01';
const AMENDMENT = '5b9e1d1c-2f43-4a55-8c53-6f0b7a2c3d02';
const EPISODE = '9a1c7d4e-64f1-4b2b-9a55-2f9a0b1c2d03';
const AFFILIATION = '01941b7e-8a00-7000-8000-0000000000c1';
const RED_LINE = '9a1c7d4e-64f1-4b2b-9a55-2f9a0b1c2d04';
const FROM = '2017-01-15T10:00:00Z';
const TO = '2017-01-15T12:00:00Z';

const source = { monitor: 'vZ3kq0T9xJ2mB1cR8yLw4A', organisation: 'Qm7dX5uE0pHs2nVb6tGf1K' };
const place = { region: 'SY030702', regions: ['SY', 'SY03', 'SY0307', 'SY030702'], precision: 'settlement' } as const;

const violation: ViolationContent = {
  occurred: { from: FROM, to: TO, precision: 'hour' },
  place,
  kind: 'indirect_fire',
  severity: 'grave',
  means: 'seen',
  accused: ['saa'],
  target: 'civilians',
  casualties: { killed: { min: 1, max: 3 }, injured: { min: 2, max: 2 } },
  quantity: { value: 12, unit: 'shells' },
  language: 'ar',
  evidenceCount: 2,
};

const observation: ObservationContent = {
  observed: { from: FROM, to: TO },
  area: { ...place, precision: null },
  means: 'seen',
  deniedBy: 'checkpoint',
};

const carried: CarriedReport = { report: REPORT, source, withdrawn: false, content: violation };
const announced = { region: 'SY030702', lens: 'strict', modalities: 'astana-1', restsOn: 417, at: FROM, alert: true };
const square = [
  [36.05, 33.6],
  [36.05, 33.66],
  [36.22, 33.64],
  [36.05, 33.6],
];

export const SAMPLES: { readonly [Type in EventType]: readonly DataOf<Type>[] } = {
  ActorRegistered: [
    { actor: 'saa', name: { en: 'Syrian Arab Army', ar: 'الجيش' }, aliases: ['SAA'], bound: true, guarantors: ['RU'] },
  ],
  AliasAdded: [{ actor: 'hts', alias: 'HTS' }],
  AffiliationRecorded: [
    { actor: 'jfs', affiliation: AFFILIATION, to: 'hts', from: FROM, until: TO, disputedBy: ['jfs'] },
    { actor: 'jfs', affiliation: AFFILIATION, to: 'hts', from: FROM, until: null, disputedBy: [] },
  ],
  EpisodeOpened: [
    {
      ...{ episode: EPISODE, kind: 'offensive', region: 'wadi-barada', from: FROM, name: 'The offensive' },
      ...{ accused: ['saa'], exclusionClaim: { by: 'saa', target: 'jfs' } },
    },
  ],
  EpisodeClosed: [{ episode: EPISODE, region: 'wadi-barada', to: TO }],
  IncidentOpened: [
    { incident: INCIDENT, report: REPORT, splitFrom: null, carried: [] },
    { incident: OTHER_INCIDENT, report: REPORT, splitFrom: INCIDENT, carried: [carried] },
  ],
  ReportLinked: [
    { incident: INCIDENT, report: REPORT, from: null, carried: null },
    { incident: INCIDENT, report: REPORT, from: OTHER_INCIDENT, carried },
  ],
  ReportUnlinked: [{ incident: INCIDENT, report: REPORT, to: OTHER_INCIDENT }],
  IncidentMerged: [{ incident: INCIDENT, into: OTHER_INCIDENT }],
  IncidentAbsorbed: [
    {
      ...{ incident: OTHER_INCIDENT, from: INCIDENT, carried: [carried] },
      claims: [{ by: 'saa', claimType: 'exclusion', target: 'jfs', outcome: 'rejected' }],
      verification: { level: 'verified_on_site', severity: 'grave' },
      attribution: { level: 'probable', actors: ['saa'] },
    },
  ],
  IncidentSplit: [{ incident: INCIDENT, into: OTHER_INCIDENT, reports: [REPORT] }],
  VerificationSet: [{ incident: INCIDENT, level: 'verified_remote', severity: 'serious' }],
  AttributionSet: [{ incident: INCIDENT, level: 'attributed', actors: ['saa'] }],
  ClaimMade: [{ incident: INCIDENT, claim: 1, by: 'saa', claimType: 'exclusion', target: 'jfs' }],
  ClaimAssessed: [{ incident: INCIDENT, claim: 1, outcome: 'upheld' }],
  InstrumentRegistered: [
    {
      ...{ instrument: 'ceasefire-2016', name: 'Ceasefire', from: FROM, to: TO, regions: ['SY'] },
      ...{ signatories: ['saa'], guarantors: ['RU', 'TR'] },
      readings: [{ code: 'un-text', excluded: [{ actor: 'hts', from: FROM }] }],
    },
  ],
  LensDefined: [{ lens: 'ru', reading: 'un-text', exclusionClaims: 'honoured', positionsOf: 'RU' }],
  ModalitiesAdopted: [
    {
      ...{ version: 'astana-1', from: FROM },
      rules: {
        severityPoints: { minor: 1, moderate: 3, serious: 8, grave: 20 },
        verificationWeight: {
          ...{ reported: 0.25, corroborated: 0.6, verified_remote: 1, verified_on_site: 1 },
          ...{ unverifiable: 0.25, refuted: 0 },
        },
        unverifiedCap: 2,
        window: [{ hours: 48, factor: 1 }],
        thresholds: { strained: 3, violated: 10, breakdown_indicated: 40 },
        stepDown: { hours: 72, below: 0.8 },
        coverage: { share: 0.5, vouchHours: 12 },
        decisionRule: 'unanimous',
      },
    },
  ],
  OrganisationRegistered: [{ organisation: source.organisation, alignment: 'opposition' }],
  RedLineDeclared: [
    {
      ...{ redLine: RED_LINE, declaredBy: 'fsa', region: 'wadi-barada', text: 'Taking the springs ends it.' },
      condition: { kind: 'territorial_gain', by: ['saa'] },
    },
  ],
  RedLineWithdrawn: [{ redLine: RED_LINE, region: 'wadi-barada', at: TO }],
  RegionDefined: [
    {
      ...{ region: 'wadi-barada', level: 'zone', name: { en: 'Wadi Barada', ar: 'وادي بردى' }, parent: 'SY03' },
      ...{ areaKm2: 102.3, centre: { lon: 36.18, lat: 33.615 }, parts: ['SY030702'], from: FROM },
      boundary: { type: 'Polygon', coordinates: [square] },
    },
  ],
  BoundaryRevised: [
    { region: 'wadi-barada', boundary: { type: 'Polygon', coordinates: [square] } },
    { region: 'wadi-barada', boundary: { type: 'MultiPolygon', coordinates: [[square]] } },
  ],
  ReportSubmitted: [
    {
      report: REPORT,
      type: 'violation',
      source,
      flags: ['point_outside_region'],
      content: violation,
      incident: INCIDENT,
    },
    { report: REPORT, type: 'nil', source, flags: [], content: observation },
    { report: REPORT, type: 'access_denied', source, flags: [], content: observation },
  ],
  ReportAmended: [
    {
      ...{ report: REPORT, type: 'violation', flags: ['located_by_nearest_centre'], content: violation },
      ...{ incident: INCIDENT, amendment: AMENDMENT },
    },
    { report: REPORT, type: 'nil', flags: [], content: observation, amendment: AMENDMENT },
    { report: REPORT, type: 'access_denied', flags: [], content: observation, amendment: AMENDMENT },
  ],
  ReportWithdrawn: [{ report: REPORT, incident: INCIDENT }],
  ReportReassigned: [{ report: REPORT, from: INCIDENT, incident: OTHER_INCIDENT }],
  StatusChanged: [{ ...announced, from: 'strained', to: 'violated' }],
  StatusRestated: [
    {
      ...{ ...announced, until: TO },
      before: [{ from: FROM, to: TO, status: 'strained' }],
      after: [{ from: FROM, to: TO, status: 'violated' }],
    },
  ],
  RedLineMet: [{ ...announced, redLine: RED_LINE, incident: INCIDENT }],
  RedLineCleared: [{ ...announced, redLine: RED_LINE }],
  CoverageLost: [{ ...announced, coverage: 0.25 }],
  CoverageRestored: [{ ...announced, coverage: 0.75 }],
};
