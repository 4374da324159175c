// Explains the segments of a timeline whose status is held without points.
import type { TimelineSegment } from './table.js';

/** The part of a status' `why` that can hold a status without points. */
export type Holding = {
  readonly floor: { readonly name: string | null } | null;
  readonly redLines: readonly { readonly declaredBy: string; readonly met: boolean }[];
  readonly held: { readonly status: string } | null;
};

const STATUSES_OF_POINTS = ['strained', 'violated', 'breakdown_indicated'];

export function isHeldWithoutPoints({ from, status, intensity }: TimelineSegment): boolean {
  return from !== null && intensity === 0 && STATUSES_OF_POINTS.includes(status);
}

export function reasonOf({ floor, redLines, held }: Holding): string {
  const met = redLines.filter((line) => line.met).map(({ declaredBy }) => `the red line of ${declaredBy} that is met`);
  const episode = floor === null ? [] : [`the open episode "${floor.name ?? 'without a name'}"`];
  const reasons = [...met, ...episode];
  if (reasons.length > 0) return reasons.join(' and ');
  return held === null ? 'the rules' : 'rule 8: it has not been calm, or observed, for long enough';
}
