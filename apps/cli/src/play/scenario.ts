// The offensive on Wadi Barada as the requests of the users of Barada. Pure: no clock, no network.
import { createHash } from 'node:crypto';
import { VALLEY_EPISODE, VALLEY_INCIDENTS, VALLEY_RED_LINE, VALLEY_REGION, type ValleyIncident } from '#domain';
import type { User } from '../client.js';
import { DEIR_EZZOR_INCIDENTS, DEIR_EZZOR_REGION } from './deir-ezzor.js';

export type Step = {
  /** When it happens in the story, in epoch seconds; steps are sent in this order. */
  readonly at: number;
  readonly title: string;
  readonly as: User;
  /** `{incident:KEY}` is replaced by the incident in the answer to the step with this key. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** True for one of many alike, such as the nil reports: it is counted, not printed. */
  readonly isRoutine?: true;
  /** The key under which the `incident` of the answer is kept. */
  readonly key?: string;
};

export type Parts = {
  /** Seconds by which all dates are shifted; 0: the real dates. */
  readonly shift: number;
  /** Whether the episode and the red line are included; the hand check in rules.md leaves them out in its first lines. */
  readonly framed: boolean;
  /** Nil reports for the valley on every day instead of access denials. */
  readonly valleyObserved: boolean;
};

export const TRUE_DATES: Parts = { shift: 0, framed: true, valleyObserved: false };

/** Midnight in Damascus on the day on which the springs fell; `--now` shifts it to the current hour. */
export const SPRINGS_FELL_AT = damascusMidnight('2017-01-28');

/** The span of the printed timeline: from the day before the ceasefire until all points have aged out. */
export const STORY_FROM = damascusMidnight('2016-12-29');
export const STORY_TO = damascusMidnight('2017-02-08');

const OPERATOR: User = { sub: 'operator', roles: ['operator'] };
const VERIFIER: User = { sub: 'verifier', roles: ['verifier'], org: 'mechanism' };
export const OFFICER: User = { sub: 'officer-tr', roles: ['officer'], party: 'TR' };
const OBSERVATORY: User = { sub: 'observatory-1', roles: ['monitor'], org: 'observatory' };
const VALLEY_MEDIA: User = { sub: 'valley-media-1', roles: ['monitor'], org: 'valley-media' };
const RELIEF: User = { sub: 'relief-1', roles: ['monitor'], org: 'relief' };

const ORGANISATIONS = [
  { code: 'observatory', name: 'An observatory abroad', alignment: 'independent' },
  { code: 'valley-media', name: 'A media centre in the valley', alignment: 'opposition' },
  { code: 'relief', name: 'A relief agency', alignment: 'independent' },
] as const;

const CALM_REGIONS = ['SY10', 'SY13'] as const; // Tartous and As-Sweida
const FIRST_DAY = '2016-12-30';
const LAST_DAY = '2017-01-31';
// Long enough for the status of the valley to come down.
const LAST_WATCHED_DAY = '2017-02-07';
// Invented for the scenario: no public source gives such a list for the valley.
const DENIED_DAYS = ['2017-01-04', '2017-01-13', '2017-01-20', '2017-01-27'] as const;
const DAY = 86_400;

/** The id of the red line of the story with this shift. */
export function redLineIdOf(shift: number): string {
  return storyId(shift, 'red-line');
}

function storyId(shift: number, name: string): string {
  return uuidOf(`wadi-barada/${shift}/${name}`);
}

/** All steps in the order of the story. */
export function scenario(parts: Parts = TRUE_DATES): readonly Step[] {
  const story: Story = {
    moved: (seconds) => seconds + parts.shift,
    dateOf: (day) => instant(Date.parse(day) / 1000 + parts.shift).slice(0, 10),
    // The same shift gives the same ids, so that playing the story again adds nothing.
    id: (name) => storyId(parts.shift, name),
  };
  return [
    ...organisations(story),
    ...CALM_REGIONS.flatMap((region) => nilReports(story, region, LAST_DAY)),
    ...(parts.valleyObserved ? nilReports(story, VALLEY_REGION, LAST_WATCHED_DAY) : denials(story)),
    ...(parts.framed ? [...offensive(story), redLine(story)] : []),
    ...VALLEY_INCIDENTS.flatMap((incident) => incidentSteps(story, incident, VALLEY_REGION)),
    ...DEIR_EZZOR_INCIDENTS.flatMap((incident) => incidentSteps(story, incident, DEIR_EZZOR_REGION)),
  ].sort((one, other) => one.at - other.at);
}

type Story = {
  readonly moved: (seconds: number) => number;
  /** The date of a day after the shift, for titles. */
  readonly dateOf: (day: string) => string;
  readonly id: (name: string) => string;
};

function organisations({ moved }: Story): readonly Step[] {
  return ORGANISATIONS.map((body) => ({
    at: moved(damascusMidnight(FIRST_DAY) - DAY),
    title: `organisation ${body.code} is registered`,
    as: OPERATOR,
    path: '/v1/organisations',
    body,
  }));
}

function nilReports({ moved, dateOf, id }: Story, region: string, lastDay: string): readonly Step[] {
  return daysBetween(FIRST_DAY, lastDay).map((day) => {
    const observed = wholeDay(moved(damascusMidnight(day)));
    return {
      at: moved(damascusMidnight(day) + DAY),
      title: `${region}: nothing happened on ${dateOf(day)}`,
      isRoutine: true,
      as: RELIEF,
      path: '/v1/reports',
      body: { id: id(`nil/${region}/${day}`), type: 'nil', observed, area: { region }, means: 'seen' },
    };
  });
}

function denials({ moved, dateOf, id }: Story): readonly Step[] {
  const denied = { area: { region: VALLEY_REGION }, deniedBy: 'saa', reason: 'not let past the last checkpoint' };
  return DENIED_DAYS.map((day) => ({
    at: moved(damascusMidnight(day) + DAY),
    title: `${VALLEY_REGION}: access denied on ${dateOf(day)}`,
    as: RELIEF,
    path: '/v1/reports',
    body: {
      id: id(`denied/${day}`),
      type: 'access_denied',
      observed: wholeDay(moved(damascusMidnight(day))),
      ...denied,
    },
  }));
}

function offensive({ moved, dateOf, id }: Story): readonly Step[] {
  const { from, to, name, ...framed } = VALLEY_EPISODE;
  const episode = id('offensive');
  const [begins, ends] = [moved(Date.parse(from) / 1000), moved(Date.parse(to) / 1000)];
  return [
    {
      at: moved(damascusMidnight(FIRST_DAY)),
      title: `${name}: open since ${dateOf(from.slice(0, 10))}`,
      as: VERIFIER,
      path: '/v1/episodes',
      body: { id: episode, region: VALLEY_REGION, from: instant(begins), name, ...framed },
    },
    {
      at: ends,
      title: `${name}: over`,
      as: VERIFIER,
      path: `/v1/episodes/${episode}/close`,
      body: { to: instant(ends) },
    },
  ];
}

function redLine({ moved, id }: Story): Step {
  return {
    at: moved(damascusMidnight('2017-01-24')),
    title: `${VALLEY_RED_LINE.declaredBy} declares a red line`,
    as: OFFICER,
    path: '/v1/red-lines',
    body: { id: id('red-line'), region: VALLEY_REGION, ...VALLEY_RED_LINE },
  };
}

function incidentSteps(story: Story, incident: ValleyIncident, region: string): readonly Step[] {
  const at = story.moved(damascusMidnight(incident.day));
  return [...reports(story, incident, region, at), ...judgements(incident, at)];
}

function reports({ dateOf, id }: Story, incident: ValleyIncident, region: string, from: number): readonly Step[] {
  const { id: key, day, place, what, kind, accused, severity, target, killed, injured, saidBy } = incident;
  const report = {
    id: id(key),
    type: 'violation',
    occurred: { from: instant(from), precision: 'day' },
    place: { region, name: place, precision: 'settlement' },
    kind,
    severity,
    means: 'interview',
    accused,
    ...(target === null ? {} : { target: { actor: target } }),
    ...(killed === null ? {} : { casualties: { killed, ...(injured === null ? {} : { injured }) } }),
    narrative: `${place}: ${what}. Said by ${saidBy}.`,
    language: 'en',
  };
  const title = `${key} ${dateOf(day)}, ${place}: ${what}`;
  const first: Step = { at: from, title, as: OBSERVATORY, path: '/v1/reports', body: report, key };
  if (killed === null || killed.min === killed.max) return [first];
  // The sources report different death tolls: the incident gets the range of both, and they corroborate each other.
  const fewest = { ...report, casualties: { ...report.casualties, killed: { min: killed.min, max: killed.min } } };
  const most = { ...report, id: id(`${key}/2`), means: 'recorded', incident: `{incident:${key}}` };
  return [
    { ...first, body: fewest },
    {
      at: from + 1,
      title: `${key} is reported by a second source`,
      as: VALLEY_MEDIA,
      path: '/v1/reports',
      body: { ...most, casualties: { killed: { min: killed.max, max: killed.max } } },
    },
  ];
}

function judgements(incident: ValleyIncident, from: number): readonly Step[] {
  const { id: key, level, exclusionClaimBy, deniedBy, denial, saidBy } = incident;
  const claims = `/v1/incidents/{incident:${key}}/claims`;
  const steps: Step[] = [];
  if (exclusionClaimBy !== null)
    steps.push({
      at: from + 2,
      title: `${key}: ${exclusionClaimBy} claims to have fired at Fatah al-Sham`,
      as: VERIFIER,
      path: claims,
      body: { by: exclusionClaimBy, type: 'exclusion', text: 'The target was Fatah al-Sham.', target: 'jfs' },
    });
  if (deniedBy !== null)
    steps.push({
      at: from + 3,
      title: `${key}: denied by ${deniedBy}`,
      as: VERIFIER,
      path: claims,
      body: { by: deniedBy, type: 'denial', text: denial },
    });
  if (level !== 'reported')
    steps.push({
      at: from + 4,
      title: `${key}: ${level}`,
      as: VERIFIER,
      path: `/v1/incidents/{incident:${key}}/verification`,
      body: { level, note: saidBy },
    });
  return steps;
}

function wholeDay(midnight: number): { readonly from: string; readonly to: string } {
  return { from: instant(midnight), to: instant(midnight + DAY) };
}

// Syria used UTC+2 during these weeks; the story keeps that offset whatever the shift.
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
