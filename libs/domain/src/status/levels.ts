// The level that the points stand for: up at once, down only after a quiet and watched while
// (DOMAIN, section 4, rules 7 and 8).
import { HOUR } from '../time.js';
import { STATUS_SCALE, type ScaleStatus, type Seconds } from '../vocabulary.js';
import type { Rules } from './facts.js';
import { THOUSAND, thousandths, type Thousandths } from './points.js';

/** The place on the scale: 0 is `holding`. */
export type Level = number;

export type PointsStretch = {
  readonly from: Seconds;
  readonly to: Seconds;
  readonly points: Thousandths;
  /** Coverage is at least the share. */
  readonly watched: boolean;
};

export function levelOf(status: ScaleStatus): Level {
  return STATUS_SCALE.indexOf(status);
}

type Rung = {
  readonly level: Level;
  readonly threshold: Thousandths;
  /** Points times a thousand below this are below the threshold's share that counts for stepping down. */
  readonly stepDownBelow: number;
  /** The start of the unbroken time below; Infinity while the points are not below. */
  belowSince: Seconds;
};

/** What the levels behind an instant need to know of all that lay before it. */
export type Held = {
  readonly level: Level;
  /** For each level but `holding`, since when the points have been below what keeps it; null: they are not. */
  readonly belowSince: readonly (Seconds | null)[];
};

/**
 * The same stretches in order, cut where a level falls. They must tile all time behind an instant: the beginning of
 * time, where nothing is `held`.
 */
export function withLevels<Stretch extends PointsStretch>(
  stretches: readonly Stretch[],
  rules: Rules,
  held: Held | null = null,
): readonly (Stretch & { readonly level: Level })[] {
  return climbed(stretches, rules, held).stretches;
}

/** Before anything that happened; and unlike infinity a number that JSON knows. */
const ALWAYS: Seconds = Number.MIN_SAFE_INTEGER;

/** What is held when the stretches, which must end there, have passed. */
export function heldAfter(
  stretches: readonly PointsStretch[],
  rules: Rules,
  { held, at }: { readonly held: Held | null; readonly at: Seconds },
): Held {
  const { level, rungs } = climbed(stretches, rules, held);
  const longAgo = at - rules.stepDown.hours * HOUR;
  return {
    level,
    // Longer than it takes to step down is no different from always.
    belowSince: rungs.map(({ belowSince }) => {
      if (belowSince === Infinity) return null;
      return belowSince <= longAgo ? ALWAYS : belowSince;
    }),
  };
}

type Climbed<Stretch> = {
  readonly stretches: readonly (Stretch & { readonly level: Level })[];
  readonly level: Level;
  readonly rungs: readonly Rung[];
};

function climbed<Stretch extends PointsStretch>(
  stretches: readonly Stretch[],
  rules: Rules,
  held: Held | null,
): Climbed<Stretch> {
  const rungs = rungsOf(rules, held);
  const holdSeconds = rules.stepDown.hours * HOUR;
  const result: (Stretch & { readonly level: Level })[] = [];
  let level: Level = held?.level ?? 0;
  for (const stretch of stretches) {
    level = Math.max(level, climb(rungs, stretch));
    let { from } = stretch;
    while (stretch.watched && level > 0) {
      const falls = Math.max(from, (rungs[level - 1]?.belowSince ?? Infinity) + holdSeconds);
      if (falls >= stretch.to) break;
      if (falls > from) result.push({ ...stretch, from, to: falls, level });
      from = falls;
      level -= 1;
    }
    result.push({ ...stretch, from, level });
  }
  return { stretches: result, level, rungs };
}

function rungsOf({ thresholds, stepDown }: Rules, held: Held | null): readonly Rung[] {
  return (['strained', 'violated', 'breakdown_indicated'] as const).map((status, index) => ({
    level: levelOf(status),
    threshold: thousandths(thresholds[status]),
    stepDownBelow: thousandths(thresholds[status]) * thousandths(stepDown.below),
    belowSince: held ? (held.belowSince[index] ?? Infinity) : -Infinity,
  }));
}

/** The highest level whose threshold the points reach; notes on each rung since when they have been below it. */
function climb(rungs: readonly Rung[], { from, points }: PointsStretch): Level {
  let reached: Level = 0;
  for (const rung of rungs) {
    if (points >= rung.threshold) reached = rung.level;
    if (points * THOUSAND >= rung.stepDownBelow) rung.belowSince = Infinity;
    else if (rung.belowSince === Infinity) rung.belowSince = from;
  }
  return reached;
}
