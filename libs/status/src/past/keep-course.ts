// A past course that is kept in rows: carried on to a later instant, and put right by what has become known.
import type { Sql } from '#database';
import { damascusDay, DAY, HOUR, instantOf, startOfDamascusDay, type CarryOver, type Seconds } from '#domain';
import { bearings } from '../known/bearings.js';
import { touchedBefore, type Touched } from '../known/touched.js';
import { isLong, reachIn } from './chapters.js';
import { workOutUntil, type Chapter } from './chapter.js';
import { pastsFrom, rewrite, type Course, type Left } from './past-rows.js';
import { both } from './rests-on.js';
import { endOf, pastsLeft } from './sweep.js';

/** Carried on up to `to`, chapter by chapter: whoever is stopped in between has lost one chapter. */
// eslint-disable-next-line max-params -- the last tells its owner how far it has come
export async function extended(
  sql: Sql,
  course: Course,
  about: Chapter,
  to: Seconds,
  onChapter: (course: Course) => void,
): Promise<Course> {
  let now = course;
  let from = course.bounds.at(-1) ?? null;
  let pasts = await pastsOf(sql, course, from, about.regions);
  while (from === null || from < to) {
    const chapter = { ...about, from, pasts };
    const end = await endOf(sql, chapter, to);
    const { left, restsOn } = await workOutUntil(sql, chapter, end);
    const next = { ...now, bounds: [...now.bounds, end], restsOn: both(now.restsOn, restsOn) };
    const rows = rowsOf(left, pasts);
    now = await rewrite(sql, next, { behind: from, until: end, regions: about.regions, rows });
    onChapter(now);
    pasts = pastsLeft(left);
    from = end;
  }
  return now;
}

/**
 * As known at a later position: from the first chapter that anything known since bears on, for the regions touched,
 * until they leave behind what they left behind before. `remembered`: what was touched, where somebody knows.
 */
export async function repaired(
  sql: Sql,
  course: Course,
  about: Chapter,
  remembered: readonly Touched[] | null | undefined,
): Promise<Course> {
  const { register, position } = about;
  const last = course.bounds.at(-1);
  if (last === undefined) return { ...course, position };
  const span = { after: course.position, until: position };
  const reaching = { bearings: bearings(register.regions), reach: reachIn(register) };
  const all = remembered ?? (await touchedBefore(sql, span, last, reaching));
  const touched = all.filter(({ from }) => from < last);
  if (touched.length === 0) return { ...course, position };
  return new Repair(sql, { ...course, position }, about, touched).done();
}

class Repair {
  #rows: (Left & { readonly region: string })[] = [];
  #course: Course;

  constructor(
    private readonly sql: Sql,
    private readonly old: Course,
    private readonly about: Chapter,
    private readonly touched: readonly Touched[],
  ) {
    this.#course = old;
  }

  async done(): Promise<Course> {
    const touched = new Set(this.touched.flatMap(({ regions }) => regions));
    const some = this.about.regions.filter((region) => touched.has(region));
    return (await this.#rewritten(some)) ?? (await this.#rewritten(this.about.regions)) ?? this.old;
  }

  /** Null where a chapter must be cut anew, which is done for all regions or for none. */
  async #rewritten(regions: readonly string[]): Promise<Course | null> {
    [this.#course, this.#rows] = [this.old, []];
    const settled = await settledBy(this.sql, this.touched, reachIn(this.about.register));
    const begin = this.#begin();
    let from = begin;
    let pasts = await pastsOf(this.sql, this.old, from, regions);
    for (;;) {
      const bound = this.old.bounds.find((one) => one > (from ?? -Infinity));
      if (bound === undefined) break;
      // A chapter in which little happened may be long; now that more is known of it, it would hold too much.
      const anew = from === null || isLong(from, bound);
      if (anew && regions.length < this.about.regions.length) return null;
      const chapter: Chapter = { ...this.about, regions, from, pasts };
      const end = anew ? await endOf(this.sql, chapter, bound) : bound;
      const left = await this.#workOut(chapter, end);
      [from, pasts] = [end, left];
      if (end === bound && end >= settled && (await this.#isAsBefore(end, pasts))) break;
    }
    const until = from ?? -Infinity;
    return rewrite(this.sql, this.#course, { behind: begin, until, regions, rows: this.#rows });
  }

  /** The last bound before all that was touched. What is always touched is so from the first chapter with facts on. */
  #begin(): Seconds | null {
    const [start = -Infinity] = this.old.bounds;
    const first = this.touched.reduce(
      (least, { from }) => Math.min(least, from === -Infinity ? start : from),
      Infinity,
    );
    return this.old.bounds.findLast((bound) => bound <= first) ?? null;
  }

  async #workOut(chapter: Chapter, end: Seconds): Promise<ReadonlyMap<string, CarryOver>> {
    const { left, restsOn } = await workOutUntil(this.sql, chapter, end);
    this.#rows.push(...rowsOf(left, chapter.pasts));
    this.#course = {
      ...this.#course,
      restsOn: both(this.#course.restsOn, restsOn),
      bounds: [...new Set([...this.#course.bounds, end])].sort((one, other) => one - other),
    };
    return pastsLeft(left);
  }

  async #isAsBefore(at: Seconds, pasts: ReadonlyMap<string, CarryOver>): Promise<boolean> {
    const before = await pastsOf(this.sql, this.old, at, [...pasts.keys()]);
    return [...pasts].every(([region, past]) => JSON.stringify(past) === JSON.stringify(before.get(region)));
  }
}

/**
 * From when on nothing of what was touched bears on anything but through the past. Incidents of one day share the cap,
 * so one that has changed bears for as long as the longest of its day.
 */
async function settledBy(sql: Sql, touched: readonly Touched[], reach: Seconds): Promise<Seconds> {
  const days = new Set(touched.flatMap(({ from }) => (Number.isFinite(from) ? [damascusDay(from)] : [])));
  const spans = [...days].map((day) => {
    const from = startOfDamascusDay(day);
    return { from_at: instantOf(from), to_at: instantOf(from + DAY + 2 * HOUR) };
  });
  const [row] = await sql<{ longest: Seconds | null }[]>`
    select extract(epoch from max(ended_at))::float8 as longest
    from json_to_recordset(${JSON.stringify(spans)}::text::json) as day (from_at timestamptz, to_at timestamptz)
    join incident_fact on started_at >= from_at and started_at < to_at
    where ended_at - started_at > interval '48 hours'`;
  const ends = touched.map(({ until }) => until);
  return [(row?.longest ?? -Infinity) + reach, ...ends].reduce((one, other) => Math.max(one, other));
}

async function pastsOf(
  sql: Sql,
  course: Course,
  at: Seconds | null,
  regions: readonly string[],
): Promise<ReadonlyMap<string, CarryOver>> {
  if (at === null) return new Map();
  return pastsFrom(sql, course, at, regions);
}

/** Only what changed: where nothing did, the row before tells the past. */
function rowsOf(
  left: ReadonlyMap<string, Left>,
  before: ReadonlyMap<string, CarryOver>,
): (Left & { region: string })[] {
  return [...left].flatMap(([region, { past, changes }]) => {
    const same = JSON.stringify({ ...before.get(region), at: 0 }) === JSON.stringify({ ...past, at: 0 });
    return same && changes.status.length + changes.watched.length === 0 ? [] : [{ region, past, changes }];
  });
}
