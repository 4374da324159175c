// The timeline of a region, past and future, if nothing more is reported: one sweep over all instants of change.
import { STATUS_SCALE, type ScaleStatus, type Seconds, type Status } from '../vocabulary.js';
import { coverageOf, type Coverage, type Interval } from './coverage.js';
import type { Framework, Lens, Modalities, RegionFacts, Rules } from './facts.js';
import { heldLevelAfter, levelOf, withLevels, type HeldLevel, type Level, type PointsInterval } from './levels.js';
import { covered, floors, redLineStates, type Floor, type RedLineMatch, type RedLineState } from './overrides.js';
import { addedInStep, roundedShare, THOUSAND, thousandths, windowSteps, type ScoredIncident } from './points.js';
import { scoreIncidents, scoresOf } from './scores.js';
import { clipped, mergedSegments, type Segment } from './segments.js';

/** A region under a lens and modalities. */
export type Question = { readonly region: string; readonly lens: Lens; readonly modalities: Modalities };

/** Everything that the assessment of one region is derived from. */
export type Basis = {
  /** In order of start, then of id. */
  readonly incidents: readonly ScoredIncident[];
  /** The longest time from an incident's start to the start of its last piece. */
  readonly longest: Seconds;
  readonly coverage: Coverage;
  readonly covered: readonly Interval[];
  readonly floors: readonly Floor[];
  readonly redLines: readonly RedLineState[];
};

export const NO_FACTS: RegionFacts = { incidents: [], observations: [], episodes: [], redLines: [] };

/**
 * The segments tile [from, to) in order; no two neighbours are alike. The bounds may be infinite.
 * With NO_FACTS: the timeline without any report.
 */
export function timeline(
  framework: Framework,
  facts: RegionFacts,
  question: Question & { readonly from: Seconds; readonly to: Seconds },
): readonly Segment[] {
  const basis = basisOf(framework, facts, question);
  return clipped(segmentsOf(basis, question.modalities.rules), question);
}

/** `met`: red lines met by incidents that are no longer among the facts. */
export function basisOf(
  framework: Framework,
  facts: RegionFacts,
  { region, lens, modalities }: Question,
  met: readonly RedLineMatch[] = [],
): Basis {
  const { rules } = modalities;
  const incidents = scoreIncidents(facts.incidents, region, scoresOf(framework, lens, rules), rules);
  return {
    incidents,
    longest: longestOf(incidents),
    coverage: coverageOf(framework.regions, region, facts.observations, rules),
    covered: covered(framework, region),
    floors: floors(framework, lens, region, facts.episodes),
    redLines: redLineStates(framework, lens, region, { redLines: facts.redLines, incidents, met }),
  };
}

function longestOf(incidents: readonly ScoredIncident[]): Seconds {
  let longest = 0;
  for (const { view, pieces } of incidents)
    if (pieces.length > 1) longest = Math.max(longest, (pieces.at(-1)?.from ?? view.from) - view.from);
  return longest;
}

/** Whether two lenses over the same facts lead to the same segments. */
export function haveSameSegments(one: Basis, other: Basis): boolean {
  return (
    one.incidents.length === other.incidents.length &&
    one.incidents.every(({ weighted }, index) => weighted === other.incidents[index]?.weighted) &&
    JSON.stringify(overridesOf(one)) === JSON.stringify(overridesOf(other))
  );
}

function overridesOf({ covered: inForce, floors: open, redLines }: Basis): object {
  const effective = redLines.flatMap(({ honoured, met }) => (honoured && met ? [met] : []));
  return [inForce, open.map(({ from, to }) => [from, to]), effective.map(({ from, to }) => [from, to])];
}

/** Where a timeline continues an earlier one, and the level held there. */
export type Start = { readonly at: Seconds; readonly held: HeldLevel };

/** From the start, or from the beginning of time, to the end of time. */
export function segmentsOf(basis: Basis, rules: Rules, start: Start | null = null): readonly Segment[] {
  const { total } = basis.coverage;
  const intervals = clipped(sweep(basis, rules), { from: start?.at ?? -Infinity, to: Infinity });
  return mergedSegments(
    withLevels(intervals, rules, start?.held).map((interval) => ({
      from: interval.from,
      to: interval.to,
      status: statusOf(interval),
      intensity: interval.points / THOUSAND,
      coverage: total === 0 ? 0 : roundedShare(interval.vouched * THOUSAND, total) / THOUSAND,
    })),
  );
}

/** The held level for a timeline that continues this one from `at` on. */
export function heldLevelAt(
  basis: Basis,
  rules: Rules,
  { start, at }: { readonly start: Start | null; readonly at: Seconds },
): HeldLevel {
  const intervals = clipped(sweep(basis, rules), { from: start?.at ?? -Infinity, to: at });
  return heldLevelAfter(intervals, rules, { held: start?.held ?? null, at });
}

/** What is constant between two neighbouring instants of change: sums over everything that is open. */
type Sums = {
  points: number;
  vouched: number;
  covered: number;
  floors: number;
  redLines: number;
};

type Step = { readonly at: Seconds; readonly sum: keyof Sums; readonly by: number };

type SweepInterval = PointsInterval & Readonly<Sums>;

function sweep(basis: Basis, rules: Rules): readonly SweepInterval[] {
  const steps = stepsOf(basis, rules).sort((one, other) => one.at - other.at);
  const share = thousandths(rules.coverage.share);
  const sums: Sums = { points: 0, vouched: 0, covered: 0, floors: 0, redLines: 0 };
  const intervals: SweepInterval[] = [];
  let from = -Infinity;
  for (const { at, sum, by } of [...steps, END]) {
    if (at > from) {
      const watched = sums.vouched * THOUSAND >= share * basis.coverage.total;
      intervals.push({ from, to: at, watched, ...sums });
      from = at;
    }
    sums[sum] += by;
  }
  return intervals;
}

const END: Step = { at: Infinity, sum: 'points', by: 0 };

function stepsOf(basis: Basis, rules: Rules): Step[] {
  const steps = pointSteps(basis.incidents, rules);
  for (const { weight, ...interval } of basis.coverage.vouched) addSteps(steps, 'vouched', interval, weight);
  for (const interval of basis.covered) addSteps(steps, 'covered', interval, 1);
  for (const floor of basis.floors) addSteps(steps, 'floors', floor, 1);
  for (const { honoured, met } of basis.redLines) if (honoured && met) addSteps(steps, 'redLines', met, 1);
  return steps;
}

function pointSteps(incidents: readonly ScoredIncident[], rules: Rules): Step[] {
  const steps: Step[] = [];
  const counted = incidents.flatMap(({ weighted, pieces }) =>
    weighted === 0 ? [] : pieces.map((piece) => ({ weighted, piece })),
  );
  for (const age of windowSteps(rules)) {
    const ends: Step[] = [];
    // All beginnings, then all ends: each list is already sorted, so the final sort is cheap.
    for (const { weighted, piece } of counted) {
      const by = addedInStep(weighted, piece, age);
      if (by === 0 || age.from >= age.to) continue;
      steps.push({ at: piece.from + age.from, sum: 'points', by });
      ends.push({ at: piece.from + age.to, sum: 'points', by: -by });
    }
    for (const end of ends) steps.push(end);
  }
  return steps;
}

/** Adds `by` to a sum during the interval. */
function addSteps(steps: Step[], sum: keyof Sums, { from, to }: Interval, by: number): void {
  if (from >= to || by === 0) return;
  steps.push({ at: from, sum, by });
  if (to !== Infinity) steps.push({ at: to, sum, by: -by });
}

function statusOf({
  covered: inForce,
  redLines,
  floors: open,
  points,
  watched,
  level,
}: SweepInterval & { level: Level }): Status {
  if (inForce === 0) return 'not_covered';
  if (redLines > 0) return 'breakdown_indicated';
  if (points === 0 && open === 0 && !watched) return 'not_observed';
  return scaleStatus(open > 0 ? Math.max(level, levelOf('violated')) : level);
}

function scaleStatus(level: Level): ScaleStatus {
  return STATUS_SCALE[level] ?? 'holding';
}
