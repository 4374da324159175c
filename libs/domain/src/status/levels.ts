// The level that the points reach, with hysteresis: up at once, down only after a quiet and watched time
// (rules.md, rules 7 and 8).
import { HOUR } from '../time.js';
import { STATUS_SCALE, type ScaleStatus, type Seconds } from '../vocabulary.js';
import type { Rules } from './facts.js';
import { THOUSAND, thousandths, type Thousandths } from './points.js';

/** The index on the status scale: 0 is `holding`. */
export type Level = number;

export type PointsInterval = {
  readonly from: Seconds;
  readonly to: Seconds;
  readonly points: Thousandths;
  /** Whether coverage is at least the required share. */
  readonly watched: boolean;
};

export function levelOf(status: ScaleStatus): Level {
  return STATUS_SCALE.indexOf(status);
}

type ThresholdTracker = {
  readonly level: Level;
  readonly threshold: Thousandths;
  /** The points are low enough to step down when points times 1000 are below this. */
  readonly stepDownBelow: number;
  /** Since when the points have been continuously low enough; Infinity: they are not. */
  belowSince: Seconds;
};

/** The part of the carry-over state that the levels after an instant depend on. */
export type HeldLevel = {
  readonly level: Level;
  /** For each level except `holding`: since when the points have been low enough to leave it; null: they are not. */
  readonly belowSince: readonly (Seconds | null)[];
};

/**
 * The same intervals in order, split where the level falls. They must tile all time from the instant of `held` on, or from
 * the beginning of time if `held` is null.
 */
export function withLevels<Item extends PointsInterval>(
  intervals: readonly Item[],
  rules: Rules,
  held: HeldLevel | null = null,
): readonly (Item & { readonly level: Level })[] {
  return withHysteresis(intervals, rules, held).intervals;
}

/** Earlier than every event; unlike -Infinity it can be written as JSON. */
const ALWAYS: Seconds = Number.MIN_SAFE_INTEGER;

/** The held level at `at`, where the intervals must end. */
export function heldLevelAfter(
  intervals: readonly PointsInterval[],
  rules: Rules,
  { held, at }: { readonly held: HeldLevel | null; readonly at: Seconds },
): HeldLevel {
  const { level, trackers } = withHysteresis(intervals, rules, held);
  const longAgo = at - rules.stepDown.hours * HOUR;
  return {
    level,
    // Any time longer than the step-down time is equivalent to always.
    belowSince: trackers.map(({ belowSince }) => {
      if (belowSince === Infinity) return null;
      return belowSince <= longAgo ? ALWAYS : belowSince;
    }),
  };
}

type Hysteresis<Item> = {
  readonly intervals: readonly (Item & { readonly level: Level })[];
  readonly level: Level;
  readonly trackers: readonly ThresholdTracker[];
};

function withHysteresis<Item extends PointsInterval>(
  intervals: readonly Item[],
  rules: Rules,
  held: HeldLevel | null,
): Hysteresis<Item> {
  const trackers = trackersOf(rules, held);
  const holdSeconds = rules.stepDown.hours * HOUR;
  const result: (Item & { readonly level: Level })[] = [];
  let level: Level = held?.level ?? 0;
  for (const interval of intervals) {
    level = Math.max(level, highestReached(trackers, interval));
    let { from } = interval;
    while (interval.watched && level > 0) {
      const falls = Math.max(from, (trackers[level - 1]?.belowSince ?? Infinity) + holdSeconds);
      if (falls >= interval.to) break;
      if (falls > from) result.push({ ...interval, from, to: falls, level });
      from = falls;
      level -= 1;
    }
    result.push({ ...interval, from, level });
  }
  return { intervals: result, level, trackers };
}

function trackersOf({ thresholds, stepDown }: Rules, held: HeldLevel | null): readonly ThresholdTracker[] {
  return (['strained', 'violated', 'breakdown_indicated'] as const).map((status, index) => ({
    level: levelOf(status),
    threshold: thousandths(thresholds[status]),
    stepDownBelow: thousandths(thresholds[status]) * thousandths(stepDown.below),
    belowSince: held ? (held.belowSince[index] ?? Infinity) : -Infinity,
  }));
}

/** The highest level whose threshold the points reach. Updates each tracker. */
function highestReached(trackers: readonly ThresholdTracker[], { from, points }: PointsInterval): Level {
  let reached: Level = 0;
  for (const tracker of trackers) {
    if (points >= tracker.threshold) reached = tracker.level;
    if (points * THOUSAND >= tracker.stepDownBelow) tracker.belowSince = Infinity;
    else if (tracker.belowSince === Infinity) tracker.belowSince = from;
  }
  return reached;
}
