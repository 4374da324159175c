// The carry-over state of every region at an instant: kept in rows, corrected when facts about the past change, and
// computed on the first request.
import { Injectable } from '@nestjs/common';
import { Databases } from '#database';
import type { TimelineChanges, NextChange, CarryOver, Seconds } from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import { bearings } from '../known/bearings.js';
import { touchedBefore, type Touched } from '../known/touched.js';
import { chaptersIn, reachIn, type Angle } from './chapters.js';
import type { Chapter } from './chapter.js';
import { FirstChanges } from './first-changes.js';
import { joined, pastsLeft, sweep } from './sweep.js';
import { CourseMoved } from './past-rows.js';
import { extended, repaired } from './keep-course.js';
import { beginCourse, changesOf, coursesOf, pastsFrom, type Course } from './past-rows.js';
import { holds, keyOf, NOTHING_YET } from './rests-on.js';

/** The position of the facts, and the registers. */
export type Known = {
  readonly register: Register;
  readonly position: Position;
  readonly generation: number;
  /** What was affected between two positions; null: query the rows. Omitted: not remembered. */
  readonly touchedSince?: (position: Position) => readonly Touched[] | null;
};

/** The last read of a status history: most readers continue from the same instant. */
type Read = { readonly version: number; readonly at: Seconds; readonly pasts: ReadonlyMap<string, CarryOver> };

/** The progress of a status history that is computed for the first time. */
export type Underway = { readonly done: number; readonly all: number };

const NONE: TimelineChanges = { status: [], watched: [] };
const ATTEMPTS_MAX = 20;

@Injectable()
export class PastCourses {
  readonly #courses = new Map<string, Course>();
  readonly #read = new Map<number, Read>();
  #turn: Promise<unknown> = Promise.resolve();
  #underway: Underway | null = null;

  constructor(private readonly databases: Databases) {}

  /** Null: no status history is being computed from the beginning of time. */
  get underway(): Underway | null {
    return this.#underway;
  }

  /** The carry-over state of each region at the beginning of a bucket. */
  pastsAt(known: Known, angle: Angle, at: Seconds): Promise<ReadonlyMap<string, CarryOver>> {
    return this.#alone(() => this.#attempt(known, angle, (course) => this.#pastsAt(course, known, angle, at)));
  }

  /** The first change of each region's status from `at` on, without regions that never change. */
  changesFrom(
    known: Known,
    angle: Angle,
    at: Seconds,
    pasts: ReadonlyMap<string, CarryOver>,
  ): Promise<ReadonlyMap<string, NextChange>> {
    return this.#alone(() =>
      this.#attempt(known, angle, async (course) => {
        const valid = await this.#validUntil(course, known);
        const kept = { course, bounds: course.bounds.filter((bound) => bound <= valid) };
        return new FirstChanges(this.databases.analysis, kept).from(chapterOf(known, angle, at, pasts));
      }),
    );
  }

  /** All changes of some regions before the beginning of a bucket. */
  changesBefore(
    known: Known,
    angle: Angle,
    at: Seconds,
    regions: readonly string[],
  ): Promise<ReadonlyMap<string, TimelineChanges>> {
    return this.#alone(() =>
      this.#attempt(known, angle, async (course) => {
        const bound = await this.#boundBefore(course, known, at);
        const kept =
          bound === null
            ? new Map<string, TimelineChanges>()
            : await changesOf(this.databases.analysis, course, bound, regions);
        if (bound === at) return kept;
        const pasts =
          bound === null ? new Map<string, CarryOver>() : await this.#pastsFrom(course, bound, codesOf(known.register));
        const left = await sweep(this.databases.analysis, { ...chapterOf(known, angle, bound, pasts), regions }, at);
        return new Map(
          [...left].map(([region, { changes }]) => [region, joined({ changes: kept.get(region) ?? NONE }, changes)]),
        );
      }),
    );
  }

  async #pastsAt(course: Course, known: Known, angle: Angle, at: Seconds): Promise<ReadonlyMap<string, CarryOver>> {
    const sql = this.databases.analysis;
    let kept = course;
    if (course.position === known.position && (course.bounds.at(-1) ?? -Infinity) < at) {
      kept = await this.#extended(course, known, angle, at);
    }
    const regions = codesOf(known.register);
    const bound = await this.#boundBefore(kept, known, at);
    const pasts = bound === null ? new Map<string, CarryOver>() : await this.#pastsFrom(kept, bound, regions);
    return bound === at ? pasts : pastsLeft(await sweep(sql, chapterOf(known, angle, bound, pasts), at));
  }

  async #extended(course: Course, known: Known, angle: Angle, at: Seconds): Promise<Course> {
    const isNew = course.bounds.length === 0;
    const about = chapterOf(known, angle, null, new Map());
    try {
      return await extended(this.databases.analysis, course, about, at, (each) => {
        this.#courses.set(keyOf(angle, known.register), each);
        if (isNew) this.#underway = progress(each, at);
      });
    } finally {
      this.#underway = null;
    }
  }

  /** The last bound up to an instant at which the history is valid for the position; null: none. */
  async #boundBefore(course: Course, known: Known, at: Seconds): Promise<Seconds | null> {
    const valid = await this.#validUntil(course, known);
    return course.bounds.findLast((one) => one <= Math.min(at, valid)) ?? null;
  }

  async #pastsFrom(course: Course, at: Seconds, regions: readonly string[]): Promise<ReadonlyMap<string, CarryOver>> {
    const read = this.#read.get(course.id);
    if (read?.version === course.version && read.at === at) return read.pasts;
    const pasts = await pastsFrom(this.databases.analysis, course, at, regions);
    this.#read.set(course.id, { version: course.version, at, pasts });
    return pasts;
  }

  /** Up to where a history of a later or earlier position is valid for the position. */
  async #validUntil(course: Course, { register, position }: Pick<Known, 'register' | 'position'>): Promise<Seconds> {
    if (course.position === position) return Infinity;
    const span = { after: Math.min(course.position, position), until: Math.max(course.position, position) };
    const reaching = { bearings: bearings(register.regions), reach: reachIn(register) };
    const last = course.bounds.at(-1);
    if (last === undefined) return -Infinity;
    const touched = await touchedBefore(this.databases.analysis, span, last, reaching);
    return touched.reduce((least, { from }) => Math.min(least, from), Infinity);
  }

  /** With a history at this position or later; retried when another process changes it meanwhile. */
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

function progress({ bounds }: Course, to: Seconds): Underway {
  const [first = to] = bounds;
  return { done: chaptersIn({ from: first, to: bounds.at(-1) ?? to }), all: chaptersIn({ from: first, to }) };
}

function chapterOf(
  { register, position }: Known,
  angle: Angle,
  from: Seconds | null,
  pasts: ReadonlyMap<string, CarryOver>,
): Chapter {
  return { angle, register, position, regions: codesOf(register), from, pasts };
}

function codesOf({ regions }: Register): readonly string[] {
  return regions.all.map(({ code }) => code);
}
