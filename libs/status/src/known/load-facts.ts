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
  return { incidents, observations, goneObservations, episodes, redLines };
}

async function newIncidents(sql: Sql, { after, until }: Span): Promise<News['incidents']> {
  const rows = await sql<{ doc: IncidentFact; regions: string[] }[]>`
    select doc, regions from incident_fact
    where known_from > ${after} and known_from <= ${until} and known_until > ${until}`;
  return rows.map(({ doc, regions }) => ({ fact: doc, regions }));
}

async function goneObservationsOf(sql: Sql, { after, until }: Span): Promise<readonly string[]> {
  // What only appeared and went within the span was never known to the reader; to forget it does no harm.
  const rows = await sql<{ report: string }[]>`
    select distinct report from observation_fact as gone
    where known_until > ${after} and known_until <= ${until}
      and not exists (
        select 1 from observation_fact as now
        where now.report = gone.report and now.known_from <= ${until} and now.known_until > ${until})`;
  return rows.map(({ report }) => report);
}

async function newDocs<Doc>(sql: Sql, table: string, { after, until }: Span): Promise<readonly Doc[]> {
  const rows = await sql<{ doc: Doc }[]>`
    select doc from ${sql(table)}
    where known_from > ${after} and known_from <= ${until} and known_until > ${until}`;
  return rows.map(({ doc }) => doc);
}
