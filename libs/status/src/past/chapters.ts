// Time is divided into buckets. The time before the present bucket is kept as carry-over state, not as facts.
import { DAY, HOUR, reachOf, type Interval, type Lens, type Modalities, type Seconds } from '#domain';
import type { Register } from '#registry';

/** The (lens, rules) key of a status history. */
export type Angle = { readonly lens: Lens; readonly modalities: Modalities };

const CHAPTER = 14 * DAY;
/** Readers ask about today and the last week, and are shown the 30 days before. */
const ALWAYS_AT_HAND = 45 * DAY;
/** Incidents that no longer count are listed for this long, so explanations need the facts from then on. */
export const LISTED_BEFORE = 30 * DAY;

/** Where the facts in memory begin. */
export function presentBegins(now: Seconds): Seconds {
  return chapterStart(now - ALWAYS_AT_HAND);
}

export function chapterStart(at: Seconds): Seconds {
  return Math.floor(at / CHAPTER) * CHAPTER;
}

/** The end of the bucket that begins at `at`. An empty bucket extends to where the next facts begin. */
export function chapterEnd(at: Seconds, nextFact: Seconds): Seconds {
  return Math.max(chapterStart(at) + CHAPTER, chapterStart(nextFact));
}

/** Bucket by bucket up to the present, which is one part. */
export function partsOf({ from, to }: Interval, present: Seconds): readonly Interval[] {
  const parts: Interval[] = [];
  for (let at = from; at < to;) {
    const end = at >= present ? to : Math.min(to, present, chapterStart(at) + CHAPTER);
    parts.push({ from: at, to: end });
    at = end;
  }
  return parts;
}

/** The number of buckets of the usual length between two instants. */
export function chaptersIn({ from, to }: Interval): number {
  return Math.ceil((to - from) / CHAPTER);
}

/** Longer buckets are divided again when facts about them change. */
export function isLong(from: Seconds, to: Seconds): boolean {
  return to - from > 2 * CHAPTER;
}

/** How long a fact can affect the status beyond its end, under any modalities. */
export function reachIn({ modalities }: Register): Seconds {
  return Math.max(HOUR, ...modalities.map(({ rules }) => reachOf(rules)));
}
