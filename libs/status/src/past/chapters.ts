// Time is cut into chapters: what lies before the present one is kept as a past, not as facts.
import { DAY, HOUR, reachOf, type Interval, type Lens, type Modalities, type Seconds } from '#domain';
import type { Register } from '#registry';

/** Under which lens and rules a region is looked at. */
export type Angle = { readonly lens: Lens; readonly modalities: Modalities };

const CHAPTER = 14 * DAY;
/** Readers ask about today, are shown the 30 days before, and some ask about last week. */
const ALWAYS_AT_HAND = 45 * DAY;
/** What no longer counts is listed for so long: who asks why needs the facts from then on. */
export const LISTED_BEFORE = 30 * DAY;

/** Where the facts that are held in memory begin. */
export function presentBegins(now: Seconds): Seconds {
  return chapterStart(now - ALWAYS_AT_HAND);
}

export function chapterStart(at: Seconds): Seconds {
  return Math.floor(at / CHAPTER) * CHAPTER;
}

/** The end of the chapter that begins at `at`: it goes on to where the next facts begin, if that is later. */
export function chapterEnd(at: Seconds, nextFact: Seconds): Seconds {
  return Math.max(chapterStart(at) + CHAPTER, chapterStart(nextFact));
}

/** Chapter by chapter up to the present; all the present is one part. */
export function partsOf({ from, to }: Interval, present: Seconds): readonly Interval[] {
  const parts: Interval[] = [];
  for (let at = from; at < to;) {
    const end = at >= present ? to : Math.min(to, present, chapterStart(at) + CHAPTER);
    parts.push({ from: at, to: end });
    at = end;
  }
  return parts;
}

/** How many of the usual length lie between two instants. */
export function chaptersIn({ from, to }: Interval): number {
  return Math.ceil((to - from) / CHAPTER);
}

/** Longer ones are cut anew where something is learnt about them. */
export function isLong(from: Seconds, to: Seconds): boolean {
  return to - from > 2 * CHAPTER;
}

/** How far a fact may reach beyond its end, under any modalities. */
export function reachIn({ modalities }: Register): Seconds {
  return Math.max(HOUR, ...modalities.map(({ rules }) => reachOf(rules)));
}
