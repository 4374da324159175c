// Gives a fact index its boundary state: the carry-over from before its span and the next change after it.
import type { CarryOver, TimelineBounds } from '#domain';
import type { Angle } from '../past/chapters.js';
import type { Known, PastCourses } from '../past/past-courses.js';
import type { FactBook } from './fact-book.js';

/** The last boundary state of each index, to skip updates that change nothing. */
const told = new WeakMap<FactBook, Map<string, ReadonlyMap<string, CarryOver>>>();

/** `foretell`: whether the index needs the next change after its end. */
export async function surround(
  book: FactBook,
  angle: Angle,
  { courses, known, foretell }: { readonly courses: PastCourses; readonly known: Known; readonly foretell: boolean },
): Promise<void> {
  const { from, to } = book.times;
  if (from === null) return;
  const pasts = await courses.pastsAt(known, angle, from);
  const before = toldTo(book);
  const name = JSON.stringify([angle.lens.code, angle.modalities.version]);
  if (before.get(name) === pasts) return;
  const after = foretell && to !== null ? await changesAfter(to, angle, courses, known) : null;
  book.surround(
    angle,
    new Map(
      [...pasts].map(([region, past]) => [
        region,
        unlessSame(book.around(angle, region), { carryOver: past, ...after?.(region) }),
      ]),
    ),
  );
  before.set(name, pasts);
}

async function changesAfter(to: number, angle: Angle, courses: PastCourses, known: Known) {
  const pasts = await courses.pastsAt(known, angle, to);
  const changes = await courses.changesFrom(known, angle, to, pasts);
  return (region: string): Pick<TimelineBounds, 'continuation'> => ({
    continuation: { at: to, change: changes.get(region) ?? null },
  });
}

/** Keeps the same object when nothing changed, because a new one invalidates the region's timeline. */
function unlessSame(before: TimelineBounds, now: TimelineBounds): TimelineBounds {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

function toldTo(book: FactBook): Map<string, ReadonlyMap<string, CarryOver>> {
  const known = told.get(book);
  if (known) return known;
  const begun = new Map<string, ReadonlyMap<string, CarryOver>>();
  told.set(book, begun);
  return begun;
}
