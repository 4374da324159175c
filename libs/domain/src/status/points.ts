// What each incident adds, in whole thousandths of a point (DOMAIN, section 4, rules 4-6).
import { DAY, HOUR } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import type { Rules } from './facts.js';
import type { IncidentView } from './incident-view.js';

/** Thousandths of a point, whole. */
export type Thousandths = number;

export const THOUSAND = 1_000;

/** Longer intervals are cut into pieces of a day, each with its share of the points and its own window (rule 6). */
const UNCUT_MAX = 48 * HOUR;

/** A stretch of an incident; its age is reckoned from `from`, its share is `length / total`. */
export type Piece = { readonly from: Seconds; readonly length: Seconds; readonly total: Seconds };

/** Why an incident adds nothing at any time. */
export type NotCountedReason = 'withdrawn' | 'out_of_scope' | 'exclusion_claim' | 'refuted' | 'capped';

export type ScoredIncident = {
  readonly view: IncidentView;
  readonly uncounted: NotCountedReason | null;
  /** Of its severity, before weight and cap. */
  readonly points: Thousandths;
  /** After weight and cap, before the window; 0 where it is not counted. */
  readonly weighted: Thousandths;
  readonly pieces: readonly Piece[];
};

export type WindowStep = { readonly from: Seconds; readonly to: Seconds; readonly factor: Thousandths };

export function piecesOf(from: Seconds, to: Seconds): readonly Piece[] {
  const total = to - from;
  if (total <= UNCUT_MAX) return [{ from, length: 1, total: 1 }];
  return Array.from({ length: Math.ceil(total / DAY) }, (_, index) => ({
    from: from + index * DAY,
    length: Math.min(DAY, total - index * DAY),
    total,
  }));
}

/** The modalities' window as steps of age in seconds. */
export function windowSteps(rules: Rules): readonly WindowStep[] {
  return rules.window.map(({ hours, factor }, index) => ({
    from: (rules.window[index - 1]?.hours ?? 0) * HOUR,
    to: hours * HOUR,
    factor: thousandths(factor),
  }));
}

/** What a piece of something worth `worth` adds while a step of its window lasts; rounded once. */
export function addedInStep(worth: Thousandths, { length, total }: Piece, { factor }: WindowStep): Thousandths {
  return roundedShare(worth * factor * length, total * THOUSAND);
}

/** What all pieces of something worth `worth` add at an instant. */
export function addedAt(
  worth: Thousandths,
  pieces: readonly Piece[],
  window: readonly WindowStep[],
  at: Seconds,
): Thousandths {
  let sum = 0;
  for (const piece of pieces)
    for (const step of window)
      if (at - piece.from >= step.from && at - piece.from < step.to) sum += addedInStep(worth, piece, step);
  return sum;
}

/** The first instant from which on no piece will ever be within its window. */
export function endOfWindow(pieces: readonly Piece[], window: readonly WindowStep[]): Seconds {
  return (pieces.at(-1)?.from ?? -Infinity) + (window.at(-1)?.to ?? 0);
}

/** The modalities' decimals as whole thousandths. */
export function thousandths(decimal: number): Thousandths {
  return Math.round(decimal * THOUSAND);
}

/** `whole / parts`, both whole, rounded half up; exact where both are below 2^53. */
export function roundedShare(whole: number, parts: number): number {
  const rest = whole % parts;
  return (whole - rest) / parts + (2 * rest >= parts ? 1 : 0);
}
