// Reads from the facts' rows what became known between two positions.
import type { Sql } from '#database';
import type { EpisodeFact, IncidentFact, RedLineFact } from '#domain';
import type { Position } from '#event-log';
import type { Observation } from '../facts/fold-observation.js';
import type { News } from './fact-book.js';

/** Behind `after`, up to `until`. */
export type Span = { readonly after: Position; readonly until: Position };

export async function loadNews(sql: Sql, span: Span): Promise<News> {
  const [incidents, observations, goneObservations, episodes, redLines] = await Promise.all([
    newIncidents(sql, span),
    newDocs<Observation>(sql, 'observation_fact', span),
    goneObservationsOf(sql, span),
    newDocs<EpisodeFact>(sql, 'episode_fact', span),
    newDocs<RedLineFact>(sql, 'red_line_fact', span),
  ]);
  const learntAt = new Map([
    ...incidents.map(({ doc, at }) => [doc.incident, at] as const),
    ...observations.map(({ doc, at }) => [doc.report, at] as const),
    ...goneObservations.map(({ report, at }) => [report, at] as const),
    ...episodes.map(({ doc, at }) => [doc.episode, at] as const),
    ...redLines.map(({ doc, at }) => [doc.redLine, at] as const),
  ]);
  return {
    incidents: incidents.map(({ doc, regions }) => ({ fact: doc, regions })),
    observations: observations.map(({ doc }) => doc),
    goneObservations: goneObservations.map(({ report }) => report),
    episodes: episodes.map(({ doc }) => doc),
    redLines: redLines.map(({ doc }) => doc),
    learntAt,
  };
}

/** `at`: the position of the event that it was learnt from. */
type Learnt<Doc> = { readonly doc: Doc; readonly at: Position };

type LearntIncident = Learnt<IncidentFact> & { readonly regions: readonly string[] };

async function newIncidents(sql: Sql, { after, until }: Span): Promise<readonly LearntIncident[]> {
  return sql<LearntIncident[]>`
    select doc, regions, known_from as at from incident_fact
    where known_from > ${after} and known_from <= ${until} and known_until > ${until}`;
}

type Gone = { readonly report: string; readonly at: Position };

async function goneObservationsOf(sql: Sql, { after, until }: Span): Promise<readonly Gone[]> {
  // What only appeared and went within the span was never known to the reader; to forget it does no harm.
  return sql<Gone[]>`
    select report, max(known_until) as at from observation_fact as gone
    where known_until > ${after} and known_until <= ${until}
      and not exists (
        select 1 from observation_fact as now
        where now.report = gone.report and now.known_from <= ${until} and now.known_until > ${until})
    group by report`;
}

async function newDocs<Doc>(sql: Sql, table: string, { after, until }: Span): Promise<readonly Learnt<Doc>[]> {
  return sql<Learnt<Doc>[]>`
    select doc, known_from as at from ${sql(table)}
    where known_from > ${after} and known_from <= ${until} and known_until > ${until}`;
}
