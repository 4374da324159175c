// Loads from the fact rows the delta between two positions, and the times and regions that it affects.
import type { Sql } from '#database';
import type { EpisodeFact, IncidentFact, RedLineFact, Seconds } from '#domain';
import type { Position } from '#event-log';
import type { Observation } from '../facts/fold-observation.js';
import type { News } from './fact-book.js';

/** Positions later than `after`, up to and including `until`. */
export type Span = { readonly after: Position; readonly until: Position };

/** The interval of a fact; null: the fact does not hold. */
export type Lasting = { readonly from: Seconds | null; readonly to: Seconds | null; readonly regions: string[] | null };

/** The position of the newest event that changed it. */
export type LearntAt = { readonly at: Position };

/** A key that differs between the two positions: its fact before and after. */
export type Changed = { readonly before: Lasting; readonly now: Lasting } & LearntAt;

export type ChangedIncident = Changed & { readonly doc: IncidentFact };

export async function changedIncidents(sql: Sql, span: Span): Promise<readonly ChangedIncident[]> {
  const rows = await sql<(Columns & { doc: IncidentFact })[]>`select now.doc, ${changedColumns(sql, span)}`;
  return rows.map((row) => ({ ...changed(row), doc: row.doc }));
}

/** The same for incidents, without their documents. `before`: only those that begin earlier. */
export async function movedIncidents(sql: Sql, span: Span, before: string): Promise<readonly Changed[]> {
  const rows = await sql<Columns[]>`
    select ${changedColumns(sql, span)} and least(now.started_at, old.started_at) < ${before}::timestamptz`;
  return rows.map(changed);
}

type Columns = LearntAt & {
  readonly nowFrom: Seconds | null;
  readonly nowTo: Seconds | null;
  readonly nowRegions: string[];
  readonly oldFrom: Seconds | null;
  readonly oldTo: Seconds | null;
  readonly oldRegions: string[] | null;
};

function changedColumns(sql: Sql, { after, until }: Span) {
  return sql`
    now.known_from as at,
    extract(epoch from now.started_at)::float8 as "nowFrom", extract(epoch from now.ended_at)::float8 as "nowTo",
    now.regions as "nowRegions", extract(epoch from old.started_at)::float8 as "oldFrom",
    extract(epoch from old.ended_at)::float8 as "oldTo", old.regions as "oldRegions"
    from incident_fact as now
    left join incident_fact as old
      on old.incident = now.incident and old.known_from <= ${after} and old.known_until > ${after}
    where now.known_from > ${after} and now.known_from <= ${until} and now.known_until > ${until}`;
}

function changed(row: Columns): Changed {
  return {
    at: row.at,
    now: { from: row.nowFrom, to: row.nowTo, regions: row.nowRegions },
    before: { from: row.oldFrom, to: row.oldTo, regions: row.oldRegions },
  };
}

/** For each key, the fact at both positions; null: none. */
export type Replaced<Doc> = LearntAt & {
  readonly key: string;
  readonly before: Doc | null;
  readonly now: Doc | null;
};

export function replacedObservations(sql: Sql, span: Span): Promise<readonly Replaced<Observation>[]> {
  return replaced<Observation>(sql, ['observation_fact', 'report'], span);
}

export function replacedEpisodes(sql: Sql, span: Span): Promise<readonly Replaced<EpisodeFact>[]> {
  return replaced<EpisodeFact>(sql, ['episode_fact', 'episode'], span);
}

export function replacedRedLines(sql: Sql, span: Span): Promise<readonly Replaced<RedLineFact>[]> {
  return replaced<RedLineFact>(sql, ['red_line_fact', 'red_line'], span);
}

async function replaced<Doc>(
  sql: Sql,
  [table, key]: readonly [string, string],
  { after, until }: Span,
): Promise<readonly Replaced<Doc>[]> {
  return sql<Replaced<Doc>[]>`
    with changed as (
      select ${sql(key)} as key, known_from as at from ${sql(table)}
      where known_from > ${after} and known_from <= ${until}
      union all
      select ${sql(key)}, known_until from ${sql(table)} where known_until > ${after} and known_until <= ${until}
    )
    select changed.key, changed.at, old.doc as before, now.doc as now
    from (select key, max(at) as at from changed group by key) as changed
    left join ${sql(table)} as old
      on old.${sql(key)} = changed.key and old.known_from <= ${after} and old.known_until > ${after}
    left join ${sql(table)} as now
      on now.${sql(key)} = changed.key and now.known_from <= ${until} and now.known_until > ${until}`;
}

export type Learnt<Doc> = LearntAt & { readonly doc: Doc };

/** Facts valid at the later position that became known since the earlier one. */
export function docsBetween<Doc>(sql: Sql, table: string, { after, until }: Span): Promise<readonly Learnt<Doc>[]> {
  return sql<Learnt<Doc>[]>`
    select doc, known_from as at from ${sql(table)}
    where known_from > ${after} and known_from <= ${until} and known_until > ${until}`;
}

export function newsOf(
  incidents: readonly ChangedIncident[],
  observations: readonly Replaced<Observation>[],
  episodes: readonly Replaced<EpisodeFact>[],
  redLines: readonly Replaced<RedLineFact>[],
): News {
  return {
    incidents: incidents.map(({ doc, now }) => ({ fact: doc, regions: now.regions ?? [] })),
    observations: observations.flatMap(({ now }) => now ?? []),
    goneObservations: observations.flatMap(({ key, now }) => (now ? [] : [key])),
    episodes: episodes.flatMap(({ now }) => now ?? []),
    redLines: redLines.flatMap(({ now }) => now ?? []),
    learntAt: new Map([
      ...incidents.map(({ doc, at }) => [doc.incident, at] as const),
      ...[...observations, ...episodes, ...redLines].map(({ key, at }) => [key, at] as const),
    ]),
  };
}
