// A stored status history: extended to a later instant, and corrected for facts that became known.
import type { Sql } from '#database';
import { damascusDay, DAY, HOUR, instantOf, startOfDamascusDay, type CarryOver, type Seconds } from '#domain';
import { bearings } from '../known/bearings.js';
import { touchedBefore, type Touched } from '../known/touched.js';
import { isLong, reachIn } from './chapters.js';
import { workOutUntil, type Chapter } from './chapter.js';
import { pastsFrom, rewrite, type Course, type Left } from './past-rows.js';
import { both } from './rests-on.js';
import { endOf, pastsLeft } from './sweep.js';

/** Extends it up to `to`, bucket by bucket: an interruption loses one bucket at most. */
// eslint-disable-next-line max-params -- the last reports progress to its owner
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
    now = await rewrite(sql, next, { after: from, until: end, regions: about.regions, rows });
    onChapter(now);
    pasts = pastsLeft(left);
    from = end;
  }
  return now;
}

/**
 * Corrects it for a later position: recomputes the affected regions from the first affected bucket on, until their
 * carry-over state is the same as before. `remembered`: what was affected, if it is known.
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

  /** Null when a bucket must be divided again, which is done for all regions or none. */
  async #rewritten(regions: readonly string[]): Promise<Course | null> {
    [this.#course, this.#rows] = [this.old, []];
    const settled = await settledBy(this.sql, this.touched, reachIn(this.about.register));
    const begin = this.#begin();
    let from = begin;
    let pasts = await pastsOf(this.sql, this.old, from, regions);
    for (;;) {
      const bound = this.old.bounds.find((one) => one > (from ?? -Infinity));
      if (bound === undefined) break;
      // A bucket with few facts may be long; with more facts it would hold too much.
      const isDivided = from === null || isLong(from, bound);
      if (isDivided && regions.length < this.about.regions.length) return null;
      const chapter: Chapter = { ...this.about, regions, from, pasts };
      const end = isDivided ? await endOf(this.sql, chapter, bound) : bound;
      const left = await this.#workOut(chapter, end);
      [from, pasts] = [end, left];
      if (end === bound && end >= settled && (await this.#isAsBefore(end, pasts))) break;
    }
    const until = from ?? -Infinity;
    return rewrite(this.sql, this.#course, { after: begin, until, regions, rows: this.#rows });
  }

  /** The last bound before everything affected. What is always affected counts from the first bucket with facts on. */
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
 * The instant from which the changed facts have an effect only through the carry-over state. Incidents of one day share
 * the cap, so a changed incident has an effect for as long as the longest incident of its day.
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

/** Only rows that changed; for the others the previous row holds. */
function rowsOf(
  left: ReadonlyMap<string, Left>,
  before: ReadonlyMap<string, CarryOver>,
): (Left & { region: string })[] {
  return [...left].flatMap(([region, { past, changes }]) => {
    const same = JSON.stringify({ ...before.get(region), at: 0 }) === JSON.stringify({ ...past, at: 0 });
    return same && changes.status.length + changes.watched.length === 0 ? [] : [{ region, past, changes }];
  });
}
