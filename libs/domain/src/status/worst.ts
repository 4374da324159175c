// Which of several regions stands worst: a parent names that child (DOMAIN, section 4, rule 13).
import type { Status } from '../vocabulary.js';

/** The higher, the worse. What nobody watches may be anything, so it comes before what is known to hold. */
const BADNESS: Readonly<Record<Status, number>> = {
  breakdown_indicated: 6,
  violated: 5,
  strained: 4,
  not_observed: 3,
  holding: 2,
  suspended: 1,
  not_covered: 0,
};

type Standing = { readonly code: string; readonly status: Status; readonly intensity: number };

/** For `sort`: the worst first; of one status the more intense, then by code. */
export function worstFirst(one: Standing, other: Standing): number {
  const byStatus = BADNESS[other.status] - BADNESS[one.status];
  return byStatus || other.intensity - one.intensity || (one.code < other.code ? -1 : 1);
}
