// Computes bucket after bucket up to an instant, keeping only the carry-over state of each.
import type { Sql } from '#database';
import type { TimelineChanges, CarryOver, Seconds } from '#domain';
import { nextFactFrom } from '../known/load-bearing.js';
import { chapterEnd, chapterStart } from './chapters.js';
import { workOutUntil, type Chapter } from './chapter.js';
import type { Left } from './past-rows.js';

/** The carry-over state of each region at `to`, and all changes until then. */
export async function sweep(sql: Sql, chapter: Chapter, to: Seconds): Promise<ReadonlyMap<string, Left>> {
  let all: ReadonlyMap<string, Left> = new Map();
  let { from, pasts } = chapter;
  while (from === null || from < to) {
    const end = await endOf(sql, { ...chapter, from, pasts }, to);
    const { left } = await workOutUntil(sql, { ...chapter, from, pasts }, end);
    const before = all;
    all = new Map(
      [...left].map(([region, { past, changes }]) => [region, { past, changes: joined(before.get(region), changes) }]),
    );
    pasts = pastsLeft(left);
    from = end;
  }
  return all;
}

export function pastsLeft(left: ReadonlyMap<string, Left>): ReadonlyMap<string, CarryOver> {
  return new Map([...left].map(([region, { past }]) => [region, past]));
}

export function joined(
  before: Pick<Left, 'changes'> | undefined,
  { status, watched }: TimelineChanges,
): TimelineChanges {
  if (!before) return { status, watched };
  return { status: [...before.changes.status, ...status], watched: [...before.changes.watched, ...watched] };
}

/** The end of the bucket, at most `to`. The time before the first fact is one bucket. */
export async function endOf(sql: Sql, chapter: Chapter, to: Seconds): Promise<Seconds> {
  const next = await nextChapterFact(sql, chapter);
  return Math.min(to, chapter.from === null ? chapterStart(next) : chapterEnd(chapter.from, next));
}

/** The start of the first fact after this bucket; Infinity: none. */
export function nextChapterFact(sql: Sql, { from, position }: Chapter): Promise<Seconds> {
  return nextFactFrom(sql, from === null ? null : chapterEnd(from, from), position);
}
