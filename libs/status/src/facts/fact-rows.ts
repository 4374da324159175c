// The SQL statements of the facts projection: a few per batch, however many rows it has.
import { arrayText, joinLines } from '#database';
import { incidentView, type EpisodeFact, type IncidentFact, type RedLineFact } from '#domain';
import type { Session } from '#projection';
import type { Observation } from './fold-observation.js';
import { inParts } from './in-parts.js';
import { rowChanges, type Changes, type History, type Version } from './versions.js';

// The regions of an incident do not depend on the alignments of its sources, so none are needed.
const NO_ALIGNMENTS: ReadonlyMap<string, string> = new Map();

/** The current version of each key, if it has not ended. */
export async function currentDocs<Doc>(
  session: Session,
  table: string,
  key: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Doc>> {
  if (keys.length === 0) return new Map();
  const rows = await session<{ key: string; doc: Doc }[]>`
    select wanted.key, last.doc from unnest(${keys}::uuid[]) as wanted (key)
    cross join lateral (
      select doc, known_until from ${session(table)} as fact
      where fact.${session(key)} = wanted.key order by known_from desc limit 1
    ) as last
    where last.known_until = 9223372036854775807`;
  return new Map(rows.map(({ key: id, doc }) => [id, doc]));
}

export async function writeIncidents(session: Session, all: readonly History<IncidentFact>[]): Promise<void> {
  const { begun, ended } = rowChanges(all);
  await endVersions(session, 'incident_fact', 'incident', ended);
  await inParts(begun, async (part) => {
    const views = part.map(({ doc }) => incidentView(doc, NO_ALIGNMENTS));
    await session`
      insert into incident_fact
        (incident, known_from, known_until, started_at, ended_at, kinds, accused, regions, merged_into, doc)
      select incident, known_from, coalesce(known_until, 9223372036854775807), to_timestamp(started),
        to_timestamp(ended), kinds::text[], accused::text[], regions::text[], merged_into, doc::json
      from unnest(
        ${keysOf(part)}::uuid[], ${fromsOf(part)}::bigint[], ${untilsOf(part)}::bigint[],
        ${views.map((view) => view?.from ?? null)}::bigint[],
        ${views.map((view) => view?.to ?? null)}::bigint[],
        string_to_array(${joinLines(views.map((view) => arrayText(view?.kinds ?? [])))}, E'\n'),
        string_to_array(${joinLines(views.map((view) => arrayText(view?.accused ?? [])))}, E'\n'),
        string_to_array(${joinLines(views.map((view) => arrayText(view?.regions ?? [])))}, E'\n'),
        ${part.map(({ doc }) => doc.mergedInto)}::uuid[],
        string_to_array(${docsOf(part)}, E'\n')
      ) as row (incident, known_from, known_until, started, ended, kinds, accused, regions, merged_into, doc)`;
  });
}

export async function writeObservations(session: Session, all: readonly History<Observation>[]): Promise<void> {
  const { begun, ended } = rowChanges(all);
  await endVersions(session, 'observation_fact', 'report', ended);
  await inParts(begun, async (part) => {
    await session`
      insert into observation_fact (report, known_from, known_until, type, region, regions, from_at, to_at, doc)
      select report, known_from, coalesce(known_until, 9223372036854775807), type, region, regions::text[],
        to_timestamp(started), to_timestamp(ended), doc::json
      from unnest(
        ${keysOf(part)}::uuid[], ${fromsOf(part)}::bigint[], ${untilsOf(part)}::bigint[],
        string_to_array(${joinLines(part.map(({ doc }) => doc.type))}, E'\n'),
        string_to_array(${joinLines(part.map(({ doc }) => doc.region))}, E'\n'),
        string_to_array(${joinLines(part.map(({ doc }) => arrayText(doc.regions)))}, E'\n'),
        ${part.map(({ doc }) => doc.from)}::bigint[], ${part.map(({ doc }) => doc.to)}::bigint[],
        string_to_array(${docsOf(part)}, E'\n')
      ) as row (report, known_from, known_until, type, region, regions, started, ended, doc)`;
  });
}

export async function writeEpisodes(session: Session, all: readonly History<EpisodeFact>[]): Promise<void> {
  await writeRegional(session, ['episode_fact', 'episode'], rowChanges(all));
}

export async function writeRedLines(session: Session, all: readonly History<RedLineFact>[]): Promise<void> {
  await writeRegional(session, ['red_line_fact', 'red_line'], rowChanges(all));
}

async function writeRegional(
  session: Session,
  [table, key]: readonly [string, string],
  { begun, ended }: Changes<{ readonly region: string }>,
): Promise<void> {
  await endVersions(session, table, key, ended);
  await inParts(begun, async (part) => {
    await session`
      insert into ${session(table)} (${session(key)}, known_from, known_until, region, doc)
      select id, known_from, coalesce(known_until, 9223372036854775807), region, doc::json
      from unnest(
        ${keysOf(part)}::uuid[], ${fromsOf(part)}::bigint[], ${untilsOf(part)}::bigint[],
        string_to_array(${joinLines(part.map(({ doc }) => doc.region))}, E'\n'),
        string_to_array(${docsOf(part)}, E'\n')
      ) as row (id, known_from, known_until, region, doc)`;
  });
}

/** The last version of its key has ended. */
async function endVersions(
  session: Session,
  table: string,
  key: string,
  ended: Changes<unknown>['ended'],
): Promise<void> {
  if (ended.length === 0) return;
  await session`
    update ${session(table)} as fact set known_until = ending.at
    from (
      select gone.key, gone.at, last.known_from
      from unnest(${ended.map(({ key: id }) => id)}::uuid[], ${ended.map(({ at }) => at)}::bigint[]) as gone (key, at)
      cross join lateral (
        select known_from from ${session(table)} as fact
        where fact.${session(key)} = gone.key order by known_from desc limit 1
      ) as last
    ) as ending
    where fact.${session(key)} = ending.key and fact.known_from = ending.known_from`;
}

function keysOf(versions: readonly Version<unknown>[]): readonly string[] {
  return versions.map(({ key }) => key);
}

function fromsOf(versions: readonly Version<unknown>[]): readonly number[] {
  return versions.map(({ from }) => from);
}

function untilsOf(versions: readonly Version<unknown>[]): readonly (number | null)[] {
  return versions.map(({ until }) => until);
}

function docsOf(versions: readonly Version<unknown>[]): string {
  return joinLines(versions.map(({ doc }) => JSON.stringify(doc)));
}
