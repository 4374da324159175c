// From chapter to chapter up to an instant, keeping nothing but what each leaves behind.
import type { Sql } from '#database';
import type { Past, Seconds } from '#domain';
import { nextFactFrom } from '../known/load-bearing.js';
import { chapterEnd, chapterStart } from './chapters.js';
import { workOutUntil, type Chapter } from './chapter.js';

export async function sweep(sql: Sql, chapter: Chapter, to: Seconds): Promise<ReadonlyMap<string, Past>> {
  let { from, pasts } = chapter;
  while (from === null || from < to) {
    const end = await endOf(sql, { ...chapter, from, pasts }, to);
    const { left } = await workOutUntil(sql, { ...chapter, from, pasts }, end);
    pasts = new Map([...left].map(([region, { past }]) => [region, past]));
    from = end;
  }
  return pasts;
}

/** Where the chapter ends, at `to` at the latest: what lies before the first fact of all is one. */
export async function endOf(sql: Sql, chapter: Chapter, to: Seconds): Promise<Seconds> {
  const next = await nextChapterFact(sql, chapter);
  return Math.min(to, chapter.from === null ? chapterStart(next) : chapterEnd(chapter.from, next));
}

/** When the first fact begins that cannot lie in this chapter; Infinity: none does. */
export function nextChapterFact(sql: Sql, { from, position }: Chapter): Promise<Seconds> {
  return nextFactFrom(sql, from === null ? null : chapterEnd(from, from), position);
}
