// The points that each incident contributes, in whole thousandths of a point (rules.md, rules 4 to 6).
import { DAY, HOUR } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import type { Rules } from './facts.js';
import type { IncidentView } from './incident-view.js';

/** Whole thousandths of a point. */
export type Thousandths = number;

export const THOUSAND = 1_000;

/** Longer intervals are split into pieces of 24 h, each with its share of the points and its own window (rule 6). */
const UNSPLIT_MAX = 48 * HOUR;

/** A part of an incident's interval. Its age counts from `from`; its share of the points is `length / total`. */
export type Piece = { readonly from: Seconds; readonly length: Seconds; readonly total: Seconds };

/** Why an incident never contributes. */
export type NotCountedReason = 'withdrawn' | 'out_of_scope' | 'exclusion_claim' | 'refuted' | 'capped';

export type ScoredIncident = {
  readonly view: IncidentView;
  readonly uncounted: NotCountedReason | null;
  /** The points of its severity, before weight and cap. */
  readonly points: Thousandths;
  /** After weight and cap, before the window; 0 when it is not counted. */
  readonly weighted: Thousandths;
  readonly pieces: readonly Piece[];
};

export type WindowStep = { readonly from: Seconds; readonly to: Seconds; readonly factor: Thousandths };

export function piecesOf(from: Seconds, to: Seconds): readonly Piece[] {
  const total = to - from;
  if (total <= UNSPLIT_MAX) return [{ from, length: 1, total: 1 }];
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

/** The contribution of a piece during one step of its window, for an incident of `worth`; rounded once. */
export function addedInStep(worth: Thousandths, { length, total }: Piece, { factor }: WindowStep): Thousandths {
  return roundedShare(worth * factor * length, total * THOUSAND);
}

/** The contribution of all pieces at an instant, for an incident of `worth`. */
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

/** The instant at which the window of the last piece ends. */
export function endOfWindow(pieces: readonly Piece[], window: readonly WindowStep[]): Seconds {
  return (pieces.at(-1)?.from ?? -Infinity) + (window.at(-1)?.to ?? 0);
}

/** The modalities' decimals as whole thousandths. */
export function thousandths(decimal: number): Thousandths {
  return Math.round(decimal * THOUSAND);
}

/** `whole / parts`, both integers, rounded half up; exact while both are below 2^53. */
export function roundedShare(whole: number, parts: number): number {
  const rest = whole % parts;
  return (whole - rest) / parts + (2 * rest >= parts ? 1 : 0);
}
