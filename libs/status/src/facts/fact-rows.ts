// The statements behind the facts: a few for a batch, however many rows it has.
import { incidentView, instantOf, type EpisodeFact, type IncidentFact, type RedLineFact } from '#domain';
import type { Session } from '#projection';
import type { Observation } from './fold-observation.js';
import { aspect, rowChanges, type Changes, type History } from './versions.js';

// Which rows belong to an incident does not depend on who reported it, so nobody's alignment is asked for.
const NO_ALIGNMENTS: ReadonlyMap<string, string> = new Map();

export async function currentDocs<Doc>(
  session: Session,
  table: string,
  key: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Doc>> {
  const rows = await session<{ key: string; doc: Doc }[]>`
    select ${session(key)} as key, doc from ${session(table)}
    where known_until = 9223372036854775807
      and ${session(key)} in (select value::uuid from json_array_elements_text(${JSON.stringify(keys)}::text::json))`;
  return new Map(rows.map(({ key, doc }) => [key, doc]));
}

export async function writeIncidents(session: Session, all: readonly History<IncidentFact>[]): Promise<void> {
  const facts = rowChanges(all);
  await endVersions(session, 'incident_fact', 'incident', facts);
  await session`
    insert into incident_fact
      (incident, known_from, known_until, started_at, ended_at, kinds, accused, regions, merged_into, doc)
    select incident, known_from, coalesce(known_until, 9223372036854775807), started_at, ended_at,
      array(select json_array_elements_text(kinds)), array(select json_array_elements_text(accused)),
      array(select json_array_elements_text(regions)), merged_into, doc
    from json_to_recordset(${JSON.stringify(incidentRows(facts))}::text::json) as row
      (incident uuid, known_from bigint, known_until bigint, started_at timestamptz, ended_at timestamptz,
       kinds json, accused json, regions json, merged_into uuid, doc json)`;
  await writePlaces(session, rowChanges(aspect(all, placeOf)));
}

function incidentRows({ begun }: Changes<IncidentFact>): readonly object[] {
  return begun.map(({ key, from, until, doc }) => {
    const view = incidentView(doc, NO_ALIGNMENTS);
    return {
      incident: key,
      known_from: from,
      known_until: until,
      started_at: view && instantOf(view.from),
      ended_at: view && instantOf(view.to),
      kinds: view?.kinds ?? [],
      accused: view?.accused ?? [],
      regions: view?.regions ?? [],
      merged_into: doc.mergedInto,
      doc,
    };
  });
}

type Place = { readonly regions: readonly string[]; readonly started_at: string; readonly ended_at: string };

function placeOf(fact: IncidentFact): Place | null {
  const view = incidentView(fact, NO_ALIGNMENTS);
  return view && { regions: view.regions, started_at: instantOf(view.from), ended_at: instantOf(view.to) };
}

async function writePlaces(session: Session, places: Changes<Place>): Promise<void> {
  await endVersions(session, 'incident_region', 'incident', places);
  if (places.begun.length === 0) return;
  const rows = places.begun.map(({ key, from, until, doc }) => ({
    ...doc,
    incident: key,
    known_from: from,
    known_until: until,
  }));
  await session`
    insert into incident_region (region, incident, known_from, known_until, started_at, ended_at)
    select region, incident, known_from, coalesce(known_until, 9223372036854775807), started_at, ended_at
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as row
      (incident uuid, known_from bigint, known_until bigint, started_at timestamptz, ended_at timestamptz, regions json),
      json_array_elements_text(regions) as region`;
}

export async function writeObservations(session: Session, all: readonly History<Observation>[]): Promise<void> {
  const changes = rowChanges(all);
  await endVersions(session, 'observation_fact', 'report', changes);
  const rows = changes.begun.map(({ key, from, until, doc }) => ({
    report: key,
    known_from: from,
    known_until: until,
    type: doc.type,
    region: doc.region,
    regions: doc.regions,
    from_at: instantOf(doc.from),
    to_at: instantOf(doc.to),
    doc,
  }));
  await session`
    insert into observation_fact (report, known_from, known_until, type, region, regions, from_at, to_at, doc)
    select report, known_from, coalesce(known_until, 9223372036854775807), type, region,
      array(select json_array_elements_text(regions)), from_at, to_at, doc
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as row
      (report uuid, known_from bigint, known_until bigint, type text, region text, regions json,
       from_at timestamptz, to_at timestamptz, doc json)`;
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
  changes: Changes<{ readonly region: string }>,
): Promise<void> {
  await endVersions(session, table, key, changes);
  const rows = changes.begun.map(({ key: id, from, until, doc }) => ({
    id,
    known_from: from,
    known_until: until,
    region: doc.region,
    doc,
  }));
  await session`
    insert into ${session(table)} (${session(key)}, known_from, known_until, region, doc)
    select id, known_from, coalesce(known_until, 9223372036854775807), region, doc
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as row
      (id uuid, known_from bigint, known_until bigint, region text, doc json)`;
}

async function endVersions(session: Session, table: string, key: string, { ended }: Changes<unknown>): Promise<void> {
  if (ended.length === 0) return;
  await session`
    update ${session(table)} as fact set known_until = ending.at
    from json_to_recordset(${JSON.stringify(ended)}::text::json) as ending (key uuid, at bigint)
    where fact.${session(key)} = ending.key and fact.known_until = 9223372036854775807`;
}
