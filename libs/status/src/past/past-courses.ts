// How every region stood before an instant, for whoever goes on from there: kept in rows, put right where something is
// learnt of times long past, and worked out where nobody has asked before.
import { Injectable } from '@nestjs/common';
import { Databases } from '#database';
import type { Changes, NextChange, Past, Seconds } from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import { bearings } from '../known/bearings.js';
import { touchedBefore, type Touched } from '../known/touched.js';
import { chapterEnd, reachIn, type Angle } from './chapters.js';
import { changesToTheEnd, workOutUntil, type Chapter } from './chapter.js';
import { nextChapterFact, sweep } from './sweep.js';
import { CourseMoved, extended, repaired } from './keep-course.js';
import { beginCourse, changesOf, coursesOf, firstChanges, pastsFrom, type Course } from './past-rows.js';
import { holds, keyOf, NOTHING_YET } from './rests-on.js';

/** What is known, and by which registers it is judged. */
export type Known = {
  readonly register: Register;
  readonly position: Position;
  readonly generation: number;
  /** What was touched between two positions; null: ask the rows. Left out: it is not remembered. */
  readonly touchedSince?: (position: Position) => readonly Touched[] | null;
};

/** What was read last of a course: most readers go on from the same instant. */
type Read = { readonly version: number; readonly at: Seconds; readonly pasts: ReadonlyMap<string, Past> };

const ATTEMPTS_MAX = 20;

@Injectable()
export class PastCourses {
  readonly #courses = new Map<string, Course>();
  readonly #read = new Map<number, Read>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly databases: Databases) {}

  /** What each region leaves behind at the beginning of a chapter. */
  pastsAt(known: Known, angle: Angle, at: Seconds): Promise<ReadonlyMap<string, Past>> {
    return this.#alone(() => this.#attempt(known, angle, (course) => this.#pastsAt(course, known, angle, at)));
  }

  /** When the status of each region first changes from `at` on; those that never do are left out. */
  changesFrom(
    known: Known,
    angle: Angle,
    at: Seconds,
    pasts: ReadonlyMap<string, Past>,
  ): Promise<ReadonlyMap<string, NextChange>> {
    return this.#alone(() =>
      this.#attempt(known, angle, (course) => this.#changesFrom(course, chapterOf(known, angle, at, pasts))),
    );
  }

  /** All that changed in some regions before the beginning of a chapter up to which the course has been worked out. */
  changesBefore(
    known: Known,
    angle: Angle,
    at: Seconds,
    regions: readonly string[],
  ): Promise<ReadonlyMap<string, Changes>> {
    return this.#alone(() =>
      this.#attempt(known, angle, async (course) => {
        if (course.position !== known.position || !course.bounds.includes(at)) throw new CourseMoved();
        return changesOf(this.databases.analysis, course, at, regions);
      }),
    );
  }

  async #pastsAt(course: Course, known: Known, angle: Angle, at: Seconds): Promise<ReadonlyMap<string, Past>> {
    const sql = this.databases.analysis;
    let kept = course;
    if (course.position === known.position && (course.bounds.at(-1) ?? -Infinity) < at) {
      kept = await extended(sql, course, chapterOf(known, angle, null, new Map()), at, (each) => {
        this.#courses.set(keyOf(angle, known.register), each);
      });
    }
    const regions = codesOf(known.register);
    const valid = await this.#validUntil(kept, known);
    const bound = kept.bounds.findLast((one) => one <= Math.min(at, valid)) ?? null;
    const pasts = bound === null ? new Map<string, Past>() : await this.#pastsFrom(kept, bound, regions);
    return bound === at ? pasts : sweep(sql, chapterOf(known, angle, bound, pasts), at);
  }

  async #pastsFrom(course: Course, at: Seconds, regions: readonly string[]): Promise<ReadonlyMap<string, Past>> {
    const read = this.#read.get(course.id);
    if (read?.version === course.version && read.at === at) return read.pasts;
    const pasts = await pastsFrom(this.databases.analysis, course, at, regions);
    if (pasts === null) throw new CourseMoved();
    this.#read.set(course.id, { version: course.version, at, pasts });
    return pasts;
  }

  async #changesFrom(course: Course, chapter: Chapter): Promise<ReadonlyMap<string, NextChange>> {
    const sql = this.databases.analysis;
    const found = new Map<string, NextChange>();
    const valid = await this.#validUntil(course, chapter);
    const last = course.bounds.findLast((bound) => bound <= valid) ?? -Infinity;
    let rest = chapter;
    for (;;) {
      const at = rest.from ?? -Infinity;
      const regions = rest.regions.filter((region) => !found.has(region));
      if (regions.length === 0) return found;
      rest = { ...rest, regions };
      if (at < last && course.bounds.includes(at)) {
        for (const [region, change] of await firstChanges(sql, course, [at, last])) addFirst(found, region, change);
        const pasts = await pastsFrom(sql, course, last, regions);
        if (pasts === null) throw new CourseMoved();
        rest = { ...rest, from: last, pasts };
        continue;
      }
      const next = await nextChapterFact(sql, rest);
      const bound = course.bounds.find((one) => one > at && one <= last) ?? Infinity;
      if (next === Infinity && bound === Infinity) {
        for (const [region, { status }] of await changesToTheEnd(sql, rest)) addFirst(found, region, status[0]);
        return found;
      }
      const to = Math.min(bound, chapterEnd(at, next === Infinity ? at : next));
      const { left } = await workOutUntil(sql, rest, to);
      for (const [region, { changes }] of left) addFirst(found, region, changes.status[0]);
      rest = { ...rest, from: to, pasts: new Map([...left].map(([region, { past }]) => [region, past])) };
    }
  }

  /** Up to where a course that knows more, or less, is right for what was known at the position. */
  async #validUntil(course: Course, { register, position }: Pick<Known, 'register' | 'position'>): Promise<Seconds> {
    if (course.position === position) return Infinity;
    const span = { after: Math.min(course.position, position), until: Math.max(course.position, position) };
    const reaching = { bearings: bearings(register.regions), reach: reachIn(register) };
    const last = course.bounds.at(-1);
    if (last === undefined) return -Infinity;
    const touched = await touchedBefore(this.databases.analysis, span, last, reaching);
    return touched.reduce((least, { from }) => Math.min(least, from), Infinity);
  }

  /** With a course of the angle that knows at least as much; again where another process changes it meanwhile. */
  async #attempt<T>(known: Known, angle: Angle, use: (course: Course) => Promise<T>): Promise<T> {
    const key = keyOf(angle, known.register);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await use(await this.#courseFor(key, known, angle));
      } catch (error) {
        this.#courses.delete(key);
        if (!(error instanceof CourseMoved) || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  async #courseFor(key: string, known: Known, angle: Angle): Promise<Course> {
    const sql = this.databases.analysis;
    const { register, position, generation } = known;
    const inMemory = this.#courses.get(key);
    const isRight = (one: Course): boolean => one.generation === generation && holds(one.restsOn, register);
    const course =
      (inMemory && isRight(inMemory) ? inMemory : (await coursesOf(sql, key, generation)).find(isRight)) ??
      (await beginCourse(sql, key, { restsOn: NOTHING_YET, generation, position, bounds: [] }));
    const current =
      course.position < position
        ? await repaired(sql, course, chapterOf(known, angle, null, new Map()), known.touchedSince?.(course.position))
        : course;
    this.#courses.set(key, current);
    return current;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

function chapterOf(
  { register, position }: Known,
  angle: Angle,
  from: Seconds | null,
  pasts: ReadonlyMap<string, Past>,
): Chapter {
  return { angle, register, position, regions: codesOf(register), from, pasts };
}

function codesOf({ regions }: Register): readonly string[] {
  return regions.all.map(({ code }) => code);
}

function addFirst(
  found: Map<string, NextChange>,
  region: string,
  change: { readonly [Member in keyof Changes['status'][0]]: Changes['status'][0][Member] } | NextChange | undefined,
): void {
  if (!change || found.has(region)) return;
  const at = 'at' in change ? change.at : change.from;
  if (at !== null) found.set(region, { at, status: change.status });
}
