// The SQL statements of the stored status histories. A writer with an outdated version writes nothing.
import { inTransaction, type Sql } from '#database';
import type { TimelineChanges, NextChange, CarryOver, Seconds, Status } from '#domain';
import type { Position } from '#event-log';
import type { RestsOn } from './rests-on.js';

export type Course = {
  readonly id: number;
  readonly restsOn: RestsOn;
  readonly generation: number;
  /** The position of the facts. In memory it may be later than in the row if nothing relevant changed meanwhile. */
  readonly position: Position;
  readonly bounds: readonly Seconds[];
  readonly version: number;
};

/** The carry-over state of a region at the end of a bucket, and the `changes` in that bucket. */
export type Left = { readonly past: CarryOver; readonly changes: TimelineChanges };

/** Another process has changed the history meanwhile. */
export class CourseMoved extends Error {
  override readonly name = 'CourseMoved';
}

/** The number of histories kept: one per (lens, rules) key in use, and those of earlier registers. */
const COURSES_MAX = 64;

export async function coursesOf(sql: Sql, key: string, generation: number): Promise<readonly Course[]> {
  return sql<Course[]>`
    select id, rests_on as "restsOn", generation, position, bounds, version from past_course
    where key = ${key} and generation = ${generation} order by position desc, id`;
}

export async function beginCourse(sql: Sql, key: string, course: Omit<Course, 'id' | 'version'>): Promise<Course> {
  const { restsOn, generation, position, bounds } = course;
  const [begun] = await sql<{ id: number }[]>`
    with gone as (
      delete from past_course
      where generation < ${generation}
        or id in (select id from past_course order by position desc, id desc offset ${COURSES_MAX})
    )
    insert into past_course (key, rests_on, generation, position, bounds)
    values (${key}, ${JSON.stringify(restsOn)}::text::json, ${generation}, ${position}, ${JSON.stringify(bounds)}::text::json)
    returning id`;
  if (!begun) throw new Error('the status history could not be inserted');
  return { ...course, id: begun.id, version: 0 };
}

/** Consecutive buckets of the named regions; existing rows of these regions and times are replaced. */
export type Rewritten = {
  readonly after: Seconds | null;
  readonly until: Seconds;
  readonly regions: readonly string[];
  readonly rows: readonly (Left & { readonly region: string })[];
};

/** Null when another process has changed the history meanwhile. */
export function rewrite(sql: Sql, course: Course, { after, until, regions, rows }: Rewritten): Promise<Course> {
  return inTransaction(sql, async (session) => {
    const { id, version, restsOn, position, bounds } = course;
    const moved = await session`
      update past_course
      set version = version + 1, position = ${position}, rests_on = ${JSON.stringify(restsOn)}::text::json,
        bounds = ${JSON.stringify(bounds)}::text::json
      where id = ${id} and version = ${version}
        and generation = (select coalesce(max(generation), 0) from checkpoints where projection = 'facts')`;
    if (moved.count === 0) throw new CourseMoved();
    await session`
      delete from past_chapter
      where course = ${id} and region in (select json_array_elements_text(${JSON.stringify(regions)}::text::json))
        and until_at > ${after ?? Number.MIN_SAFE_INTEGER} and until_at <= ${until}`;
    const records = rows.map(({ region, past, changes }) => ({ region, until_at: past.at, past, changes }));
    await session`
      insert into past_chapter (course, region, until_at, past, changes)
      select ${id}, region, until_at, past, changes from json_to_recordset(${JSON.stringify(records)}::text::json)
        as row (region text, until_at bigint, past json, changes json)`;
    return { ...course, version: version + 1 };
  });
}

/** Of exactly this version of the history. `at`: one of its bounds. */
export async function pastsFrom(
  sql: Sql,
  course: Course,
  at: Seconds,
  regions: readonly string[],
): Promise<ReadonlyMap<string, CarryOver>> {
  const rows = await sql<{ region: string | null; past: CarryOver | null }[]>`
    select found.region, found.past from past_course as c
    left join lateral (
      select asked.region, chapter.past
      from json_array_elements_text(${JSON.stringify(regions)}::text::json) as asked (region)
      cross join lateral (
        select past from past_chapter
        where course = c.id and region = asked.region and until_at <= ${at} order by until_at desc limit 1
      ) as chapter
    ) as found on true
    where c.id = ${course.id} and c.version = ${course.version}`;
  if (rows.length === 0) throw new CourseMoved();
  return new Map(rows.flatMap(({ region, past }) => (region && past ? [[region, { ...past, at }]] : [])));
}

/** The first change of each region's status after a bound, up to another. */
export async function firstChanges(
  sql: Sql,
  course: Course,
  [after, until]: readonly [Seconds, Seconds],
): Promise<ReadonlyMap<string, NextChange>> {
  const rows = await sql<{ region: string; at: Seconds; status: Status }[]>`
    select distinct on (region) region, (changes -> 'status' -> 0 ->> 'from')::float8 as at,
      changes -> 'status' -> 0 ->> 'status' as status
    from past_chapter
    where course = ${course.id} and until_at > ${after} and until_at <= ${until}
      and json_array_length(changes -> 'status') > 0
    order by region, until_at`;
  return new Map(rows.map(({ region, at, status }) => [region, { at, status }]));
}

/** All changes of some regions up to a bound, in order. */
export async function changesOf(
  sql: Sql,
  course: Course,
  until: Seconds,
  regions: readonly string[],
): Promise<ReadonlyMap<string, TimelineChanges>> {
  const rows = await sql<{ region: string; changes: TimelineChanges }[]>`
    select region, changes from past_chapter
    where course = ${course.id} and until_at <= ${until}
      and region in (select json_array_elements_text(${JSON.stringify(regions)}::text::json))
    order by region, until_at`;
  const all = new Map<string, TimelineChanges>();
  for (const { region, changes } of rows) {
    const { status, watched } = all.get(region) ?? { status: [], watched: [] };
    all.set(region, { status: [...status, ...changes.status], watched: [...watched, ...changes.watched] });
  }
  return all;
}
