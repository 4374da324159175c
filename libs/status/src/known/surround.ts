// Tells a book what is known of the times around it, seen from an angle.
import type { CarryOver, TimelineBounds } from '#domain';
import type { Angle } from '../past/chapters.js';
import type { Known, PastCourses } from '../past/past-courses.js';
import type { FactBook } from './fact-book.js';

/** What each book was told last: where nothing has changed, it is told nothing new. */
const told = new WeakMap<FactBook, Map<string, ReadonlyMap<string, CarryOver>>>();

/** `foretell`: whether it must know what changes behind its end. */
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
  const after = foretell && to !== null ? await changesBehind(to, angle, courses, known) : null;
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

async function changesBehind(to: number, angle: Angle, courses: PastCourses, known: Known) {
  const pasts = await courses.pastsAt(known, angle, to);
  const changes = await courses.changesFrom(known, angle, to, pasts);
  return (region: string): Pick<TimelineBounds, 'continuation'> => ({
    continuation: { at: to, change: changes.get(region) ?? null },
  });
}

/** A region is worked out again where it is told something new, so what is as before stays the same thing. */
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
