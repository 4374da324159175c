// The first change of each region's status after an instant: from the rows where they are valid, and computed bucket by
// bucket where they are not.
import type { Sql } from '#database';
import type { TimelineChanges, NextChange, Seconds } from '#domain';
import { chapterEnd } from './chapters.js';
import { changesToTheEnd, workOutUntil, type Chapter } from './chapter.js';
import { firstChanges, pastsFrom, type Course } from './past-rows.js';
import { nextChapterFact, pastsLeft } from './sweep.js';

/** A status history with the bounds up to which it is valid for the reader. */
type Kept = { readonly course: Course; readonly bounds: readonly Seconds[] };

export class FirstChanges {
  readonly #found = new Map<string, NextChange>();

  constructor(
    private readonly sql: Sql,
    private readonly kept: Kept,
  ) {}

  /** Without the regions that never change. */
  async from(chapter: Chapter): Promise<ReadonlyMap<string, NextChange>> {
    let rest: Chapter | null = chapter;
    while (rest) {
      const regions: readonly string[] = rest.regions.filter((region) => !this.#found.has(region));
      if (regions.length === 0) break;
      rest = await this.#further({ ...rest, regions });
    }
    return this.#found;
  }

  /** Where to continue; null: finished. */
  async #further(chapter: Chapter): Promise<Chapter | null> {
    const { bounds } = this.kept;
    const at = chapter.from ?? -Infinity;
    const last = bounds.at(-1) ?? -Infinity;
    if (at < last && bounds.includes(at)) return this.#read(chapter, [at, last]);
    const next = await nextChapterFact(this.sql, chapter);
    const bound = bounds.find((one) => one > at) ?? Infinity;
    if (next === Infinity && bound === Infinity) {
      for (const [region, { status }] of await changesToTheEnd(this.sql, chapter)) this.#add(region, status[0]);
      return null;
    }
    const to = Math.min(bound, chapterEnd(at, next === Infinity ? at : next));
    const { left } = await workOutUntil(this.sql, chapter, to);
    for (const [region, { changes }] of left) this.#add(region, changes.status[0]);
    return { ...chapter, from: to, pasts: pastsLeft(left) };
  }

  async #read(chapter: Chapter, [at, last]: readonly [Seconds, Seconds]): Promise<Chapter> {
    const { course } = this.kept;
    for (const [region, change] of await firstChanges(this.sql, course, [at, last]))
      if (!this.#found.has(region)) this.#found.set(region, change);
    return { ...chapter, from: last, pasts: await pastsFrom(this.sql, course, last, chapter.regions) };
  }

  #add(region: string, change: TimelineChanges['status'][0] | undefined): void {
    const at = change?.from ?? null;
    if (!change || at === null || this.#found.has(region)) return;
    this.#found.set(region, { at, status: change.status });
  }
}
