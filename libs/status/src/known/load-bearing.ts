// Loads from the fact rows everything that affects a span of time. The cost depends on that span, not on the number of rows.
import type { Sql } from '#database';
import {
  DAY,
  damascusDay,
  HOUR,
  instantOf,
  startOfDamascusDay,
  type EpisodeFact,
  type IncidentFact,
  type RedLineFact,
  type Seconds,
} from '#domain';
import type { Position } from '#event-log';
import type { Observation } from '../facts/fold-observation.js';
import type { News } from './fact-book.js';
import { docsBetween, type Learnt } from './load-facts.js';

/** The span of a fact index: facts that affect instants from `from` on (null: all time) and begin before `to`. */
export type Extent = {
  readonly from: Seconds | null;
  readonly to: Seconds | null;
  /** How long a fact can affect the status beyond its end. */
  readonly reach: Seconds;
};

/** Facts of at most this length are found by their start; partial indexes find the longer ones. */
const SHORT = 48 * HOUR;

/** Facts that begin here or later are loaded; of earlier ones only those long enough to have an effect. */
export function nearFrom({ from, reach }: Extent): Seconds | null {
  return from === null ? null : startOfDamascusDay(damascusDay(from - reach - SHORT));
}

type Dated = Learnt<IncidentFact> & { readonly regions: string[] };
/** From `from` until just before `to`; null: without a bound. */
type Bounds = { readonly from: Seconds | null; readonly to: Seconds | null };

/** `farDays`: earlier Damascus days of which all incidents are loaded. */
export type Bearing = { readonly news: News; readonly farDays: ReadonlySet<string> };

export async function loadBearing(sql: Sql, extent: Extent, known: Position): Promise<Bearing> {
  const near = { from: nearFrom(extent), to: extent.to };
  const [incidents, far, observations, episodes, redLines] = await Promise.all([
    incidentsBegun(sql, near, known),
    farDaysOf(sql, extent, known),
    observationsBearing(sql, extent, known),
    docsBetween<EpisodeFact>(sql, 'episode_fact', { after: 0, until: known }),
    docsBetween<RedLineFact>(sql, 'red_line_fact', { after: 0, until: known }),
  ]);
  const mates: Dated[] = [];
  // All incidents of a day share the cap, so if one is needed, all are.
  for (const day of far) mates.push(...(await incidentsBegun(sql, dayBounds(day), known)));
  const news = newsOf({ incidents: [...incidents, ...mates], observations, episodes, redLines });
  return { news, farDays: new Set(far) };
}

type Found = {
  readonly incidents: readonly Dated[];
  readonly observations: readonly Learnt<Observation>[];
  readonly episodes: readonly Learnt<EpisodeFact>[];
  readonly redLines: readonly Learnt<RedLineFact>[];
};

function newsOf({ incidents, observations, episodes, redLines }: Found): News {
  return {
    incidents: incidents.map(({ doc, regions }) => ({ fact: doc, regions })),
    observations: observations.map(({ doc }) => doc),
    goneObservations: [],
    episodes: episodes.map(({ doc }) => doc),
    redLines: redLines.map(({ doc }) => doc),
    learntAt: new Map([
      ...incidents.map(({ doc, at }) => [doc.incident, at] as const),
      ...observations.map(({ doc, at }) => [doc.report, at] as const),
      ...episodes.map(({ doc, at }) => [doc.episode, at] as const),
      ...redLines.map(({ doc, at }) => [doc.redLine, at] as const),
    ]),
  };
}

/** Whether there are at most `count` incidents. */
export async function atMost(sql: Sql, count: number): Promise<boolean> {
  const rows = await sql`select from incident_fact where known_until = 9223372036854775807 limit 1 offset ${count}`;
  return rows.length === 0;
}

/** The start of the first fact at or after `at`; Infinity: none. */
export async function nextFactFrom(sql: Sql, at: Seconds | null, known: Position): Promise<Seconds> {
  const from = boundary(at, '-infinity');
  const [row] = await sql<{ next: Seconds | null }[]>`
    select extract(epoch from least(
      (select started_at from incident_fact
       where started_at >= ${from}::timestamptz and known_from <= ${known} and known_until > ${known}
       order by started_at limit 1),
      (select from_at from observation_fact
       where from_at >= ${from}::timestamptz and known_from <= ${known} and known_until > ${known}
       order by from_at limit 1)))::float8 as next`;
  return row?.next ?? Infinity;
}

function incidentsBegun(sql: Sql, { from, to }: Bounds, known: Position): Promise<readonly Dated[]> {
  return sql<Dated[]>`
    select doc, regions, known_from as at from incident_fact
    where started_at >= ${boundary(from, '-infinity')}::timestamptz and started_at < ${boundary(to, 'infinity')}::timestamptz
      and known_from <= ${known} and known_until > ${known}`;
}

async function farDaysOf(sql: Sql, extent: Extent, known: Position): Promise<readonly string[]> {
  const near = nearFrom(extent);
  if (extent.from === null || near === null) return [];
  const rows = await sql<{ from: Seconds }[]>`
    select distinct extract(epoch from started_at)::float8 as from from incident_fact
    where ended_at - started_at > interval '48 hours'
      and ended_at > ${instantOf(extent.from - extent.reach)}::timestamptz and started_at < ${instantOf(near)}::timestamptz
      and known_from <= ${known} and known_until > ${known}`;
  return [...new Set(rows.map(({ from }) => damascusDay(from)))];
}

function dayBounds(day: string): Bounds {
  const from = startOfDamascusDay(day);
  // A day may last 25 hours.
  return { from, to: startOfDamascusDay(damascusDay(from + DAY + 2 * HOUR)) };
}

async function observationsBearing(sql: Sql, extent: Extent, known: Position): Promise<readonly Learnt<Observation>[]> {
  const near = extent.from === null ? null : extent.from - extent.reach - SHORT;
  const rows = await sql<Learnt<Observation>[]>`
    select doc, known_from as at from observation_fact
    where from_at >= ${boundary(near, '-infinity')}::timestamptz and from_at < ${boundary(extent.to, 'infinity')}::timestamptz
      and known_from <= ${known} and known_until > ${known}`;
  if (extent.from === null || near === null) return rows;
  const long = await sql<Learnt<Observation>[]>`
    select doc, known_from as at from observation_fact
    where to_at - from_at > interval '48 hours'
      and to_at > ${instantOf(extent.from - extent.reach)}::timestamptz and from_at < ${instantOf(near)}::timestamptz
      and known_from <= ${known} and known_until > ${known}`;
  return [...rows, ...long];
}

function boundary(at: Seconds | null, none: string): string {
  return at === null || !Number.isFinite(at) ? none : instantOf(at);
}
