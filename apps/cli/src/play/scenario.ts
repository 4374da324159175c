// The offensive on Wadi Barada as requests that the several users of Barada would send. Pure: no clock, no network.
import { createHash } from 'node:crypto';
import {
  DEIR_EZZOR_INCIDENTS,
  WADI_BARADA_INCIDENTS,
  WADI_BARADA_OFFENSIVE,
  WADI_BARADA_RED_LINE,
  type PlayedIncident,
} from '#profile';

/** Who sends a step: the roles and names that its token must carry. */
export type Player = {
  readonly sub: string;
  readonly roles: readonly ('monitor' | 'verifier' | 'officer' | 'operator')[];
  readonly org?: string;
  readonly party?: 'RU' | 'TR' | 'IR';
};

export type Step = {
  /** When it happens in the story, in epoch seconds; steps are sent in this order. */
  readonly at: number;
  readonly title: string;
  readonly as: Player;
  /** `{incident:KEY}` stands for the incident that the answer to the step with this key named. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Under this key the answer's `incident` is remembered. */
  readonly key?: string;
};

export type Parts = {
  /** Seconds by which the whole story is moved; 0: the true dates. */
  readonly shift: number;
  /** Leave out what frames the incidents, as the hand check of the rules does in its first two lines. */
  readonly framed: boolean;
  /** Nil reports of the valley itself on every day, in place of the denials of access. */
  readonly valleyVouchedFor: boolean;
};

export const TRUE_DATES: Parts = { shift: 0, framed: true, valleyVouchedFor: false };

/** Midnight in Damascus on the day on which the springs fell: what `--now` moves to this hour. */
export const SPRINGS_FELL_AT = damascusMidnight('2017-01-28');

const OPERATOR: Player = { sub: 'operator', roles: ['operator'] };
const VERIFIER: Player = { sub: 'verifier', roles: ['verifier'], org: 'mechanism' };
const OFFICER: Player = { sub: 'officer-tr', roles: ['officer'], party: 'TR' };
const OBSERVATORY: Player = { sub: 'observatory-1', roles: ['monitor'], org: 'observatory' };
const VALLEY_MEDIA: Player = { sub: 'valley-media-1', roles: ['monitor'], org: 'valley-media' };
const RELIEF: Player = { sub: 'relief-1', roles: ['monitor'], org: 'relief' };

const ORGANISATIONS = [
  { code: 'observatory', name: 'An observatory abroad', alignment: 'independent' },
  { code: 'valley-media', name: 'A media centre in the valley', alignment: 'opposition' },
  { code: 'relief', name: 'A relief agency', alignment: 'independent' },
] as const;

const CALM_REGIONS = ['SY10', 'SY13'] as const; // Tartous and As-Sweida
const FIRST_DAY = '2016-12-30';
const LAST_DAY = '2017-01-31';
// Invented for the scenario: no public source gives such a list for the valley.
const DENIED_DAYS = ['2017-01-04', '2017-01-13', '2017-01-20', '2017-01-27'] as const;
const DAY = 86_400;

/** All steps in the order of the story. */
export function scenario(parts: Parts = TRUE_DATES): readonly Step[] {
  const teller = storyTeller(parts.shift);
  return [
    ...teller.organisations(),
    ...CALM_REGIONS.flatMap((region) => teller.nilReports(region)),
    ...(parts.valleyVouchedFor ? teller.nilReports('wadi-barada') : teller.denials()),
    ...(parts.framed ? [...teller.offensive(), teller.redLine()] : []),
    ...WADI_BARADA_INCIDENTS.flatMap((incident) => teller.incident(incident, 'wadi-barada')),
    ...DEIR_EZZOR_INCIDENTS.flatMap((incident) => teller.incident(incident, 'SY0901')),
  ].sort((one, other) => one.at - other.at);
}

type Teller = {
  readonly organisations: () => readonly Step[];
  readonly nilReports: (region: string) => readonly Step[];
  readonly denials: () => readonly Step[];
  readonly offensive: () => readonly Step[];
  readonly redLine: () => Step;
  readonly incident: (incident: PlayedIncident, region: string) => readonly Step[];
};

function storyTeller(shift: number): Teller {
  const midnight = (day: string): number => damascusMidnight(day) + shift;
  const wholeDay = (day: string) => ({ from: instant(midnight(day)), to: instant(midnight(day) + DAY) });
  // The same story has the same ids, so that playing it twice repeats it and adds nothing.
  const id = (name: string): string => uuidOf(`wadi-barada/${shift}/${name}`);

  return {
    organisations: () =>
      ORGANISATIONS.map((body) => ({
        at: midnight(FIRST_DAY) - DAY,
        title: `organisation ${body.code} is registered`,
        as: OPERATOR,
        path: '/v1/organisations',
        body,
      })),
    nilReports: (region) =>
      daysBetween(FIRST_DAY, LAST_DAY).map((day) => ({
        at: midnight(day) + DAY,
        title: `${region}: nothing happened on ${day}`,
        as: RELIEF,
        path: '/v1/reports',
        body: { id: id(`nil/${region}/${day}`), type: 'nil', observed: wholeDay(day), area: { region }, means: 'seen' },
      })),
    denials: () =>
      DENIED_DAYS.map((day) => ({
        at: midnight(day) + DAY,
        title: `wadi-barada: access denied on ${day}`,
        as: RELIEF,
        path: '/v1/reports',
        body: {
          id: id(`denied/${day}`),
          type: 'access_denied',
          observed: wholeDay(day),
          area: { region: 'wadi-barada' },
          deniedBy: 'saa',
          reason: 'not let past the last checkpoint',
        },
      })),
    offensive: () => {
      const { name, region, fromDay, toDay, accused, exclusionClaim } = WADI_BARADA_OFFENSIVE;
      const episode = id('offensive');
      const body = {
        id: episode,
        kind: 'offensive',
        region,
        from: instant(midnight(fromDay)),
        name,
        accused,
        exclusionClaim,
      };
      const close = { to: instant(midnight(toDay)) };
      return [
        { at: midnight(FIRST_DAY), title: `${name} is open`, as: VERIFIER, path: '/v1/episodes', body },
        {
          at: midnight(toDay),
          title: `${name} has ended`,
          as: VERIFIER,
          path: `/v1/episodes/${episode}/close`,
          body: close,
        },
      ];
    },
    redLine: () => ({
      at: midnight('2017-01-24'),
      title: `${WADI_BARADA_RED_LINE.declaredBy} declares a red line`,
      as: OFFICER,
      path: '/v1/red-lines',
      body: { id: id('red-line'), ...WADI_BARADA_RED_LINE },
    }),
    incident: (incident, region) => [
      ...reports(incident, region, midnight(incident.day), id),
      ...judgements(incident, midnight(incident.day)),
    ],
  };
}

function reports(
  incident: PlayedIncident,
  region: string,
  from: number,
  id: (name: string) => string,
): readonly Step[] {
  const { id: key, place, kind, accused, severity, claimedBy, killed, injured } = incident;
  const report = {
    type: 'violation',
    occurred: { from: instant(from), precision: 'day' },
    place: { region, name: place, precision: 'settlement' },
    kind,
    severity,
    means: 'interview',
    accused,
    narrative: `${place}: ${kind.replaceAll('_', ' ')}. Claimed by ${claimedBy}.`,
    language: 'en',
  };
  const title = `${key} ${kind} on ${incident.day}, ${place}`;
  const first = { at: from, title, as: OBSERVATORY, path: '/v1/reports', key };
  if (!killed) return [{ ...first, body: { ...report, id: id(key) } }];
  if (killed.min === killed.max) return [{ ...first, body: { ...report, id: id(key), casualties: { killed } } }];
  // Two sources that differ over the dead: the incident then carries the hull of both, and corroborates itself.
  const low = { killed: { min: killed.min, max: killed.min }, ...(injured ? { injured } : {}) };
  const high = { killed: { min: killed.max, max: killed.max } };
  return [
    { ...first, body: { ...report, id: id(key), casualties: low } },
    {
      at: from + 1,
      title: `${key} is reported by a second source`,
      as: VALLEY_MEDIA,
      path: '/v1/reports',
      body: { ...report, id: id(`${key}/2`), means: 'recorded', casualties: high, incident: `{incident:${key}}` },
    },
  ];
}

function judgements(incident: PlayedIncident, from: number): readonly Step[] {
  const { id: key, level, exclusionClaimed, denial, accused } = incident;
  const claims = `/v1/incidents/{incident:${key}}/claims`;
  const steps: Step[] = [];
  if (exclusionClaimed)
    steps.push({
      at: from + 2,
      title: `${key}: the accused say they fired at Fatah al-Sham`,
      as: VERIFIER,
      path: claims,
      body: { by: accused[0], type: 'exclusion', text: 'We fired at Fatah al-Sham.', target: 'jfs' },
    });
  if (denial)
    steps.push({
      at: from + 3,
      title: `${key}: denied by ${denial.by}`,
      as: VERIFIER,
      path: claims,
      body: { by: denial.by, type: 'denial', text: denial.text },
    });
  if (level !== 'reported')
    steps.push({
      at: from + 4,
      title: `${key}: ${level}`,
      as: VERIFIER,
      path: `/v1/incidents/{incident:${key}}/verification`,
      body: { level, note: incident.claimedBy },
    });
  return steps;
}

// Syria kept UTC+2 all through these weeks; the story is told in that offset wherever it is moved to.
function damascusMidnight(day: string): number {
  return Date.parse(`${day}T00:00:00+02:00`) / 1000;
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function daysBetween(first: string, last: string): readonly string[] {
  const count = (damascusMidnight(last) - damascusMidnight(first)) / DAY + 1;
  return Array.from({ length: count }, (_, n) => instant(Date.parse(first) / 1000 + n * DAY).slice(0, 10));
}

/** A UUID of version 8 (RFC 9562): the first bits of a SHA-256 of the name. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
