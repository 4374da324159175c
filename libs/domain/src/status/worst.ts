// The order of regions by how bad their status is: a parent names its worst child (rules.md, rule 13).
import type { Status } from '../vocabulary.js';

/** Higher is worse. `not_observed` may hide anything, so it is worse than `holding`. */
const BADNESS: Readonly<Record<Status, number>> = {
  breakdown_indicated: 6,
  violated: 5,
  strained: 4,
  not_observed: 3,
  holding: 2,
  suspended: 1,
  not_covered: 0,
};

type RankedRegion = { readonly code: string; readonly status: Status; readonly intensity: number };

/** Comparator for `sort`: the worst status first, then the higher intensity, then by code. */
export function worstFirst(one: RankedRegion, other: RankedRegion): number {
  const byStatus = BADNESS[other.status] - BADNESS[one.status];
  return byStatus || other.intensity - one.intensity || (one.code < other.code ? -1 : 1);
}
