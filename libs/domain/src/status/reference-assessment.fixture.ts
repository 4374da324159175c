// Reference implementation of rules.md, section 4: slow and obvious, to check the fast assessment against. For tests only.
// It shares only the types, the calendar and the region map with the fast one.
import { damascusDay, secondsOf } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import type { EpisodeFact, IncidentFact } from './facts.js';
import {
  counts,
  exempts,
  inForce,
  interval,
  isBoundOrUnknown,
  level,
  relevantIncidents,
  severity,
  activeReports,
  type AssessmentCase,
} from './reference-counting.fixture.js';

export type ReferenceAnswer = {
  readonly status: Status;
  readonly intensity: number;
  readonly coverage: number;
};

type Piece = { readonly from: Seconds; readonly length: number; readonly total: number };

const HOURS = 3_600;

/** Every instant at which anything may change, in order. Nothing changes between two of them. */
export function criticalInstants(all: AssessmentCase): readonly Seconds[] {
  const { rules } = all.question.modalities;
  const { instruments } = all.framework;
  const ages = [0, ...rules.window.map(({ hours }) => hours * HOURS)];
  const plain = [
    ...relevantIncidents(all).flatMap((incident) =>
      pieces(incident).flatMap((piece) => ages.map((age) => piece.from + age)),
    ),
    ...all.facts.observations.flatMap(({ from, to }) => [from, to, to + rules.coverage.vouchHours * HOURS]),
    ...all.facts.episodes.flatMap(({ from, to }) => [from, to]),
    ...all.facts.redLines.map(({ withdrawnAt }) => withdrawnAt),
    ...instruments.flatMap(({ from, to }) => [from, to]),
    ...instruments.flatMap(({ readings }) =>
      readings.flatMap(({ excluded }) => excluded.map(({ from }) => (from === null ? null : secondsOf(from)))),
    ),
  ].filter((at) => at !== null);
  const falls = plain.map((at) => at + rules.stepDown.hours * HOURS);
  return [...new Set([...plain, ...falls])].sort((one, other) => one - other);
}

/** Answers the status at any second. The levels are computed once, from the beginning. */
export function referenceAssessment(all: AssessmentCase): (at: Seconds) => ReferenceAnswer {
  const counting = worths(all);
  const steps = levels(all, counting);
  return (at) => {
    const points = milliPoints(all, counting, at);
    return {
      status: statusAt(all, counting, { points, level: steps.findLast(({ second }) => second <= at)?.level ?? 0, at }),
      intensity: points / 1000,
      coverage: Math.floor(watchedShare(all, at) * 1000 + 0.5 + 1e-9) / 1000,
    };
  };
}

type Now = { readonly points: number; readonly level: number; readonly at: Seconds };

function statusAt(all: AssessmentCase, counting: Worths, { points, level: reached, at }: Now): Status {
  const { share } = all.question.modalities.rules.coverage;
  const here = all.framework.regions.containing(all.question.region);
  if (inForce(all, here, at).length === 0) return 'not_covered';
  if (redLineIsMet(all, counting, at)) return 'breakdown_indicated';
  const open = all.facts.episodes.some((episode) => here.includes(episode.region) && isFloor(all, episode, at));
  if (points === 0 && !open && watchedShare(all, at) < share) return 'not_observed';
  if (reached === 3) return 'breakdown_indicated';
  if (reached === 2 || open) return 'violated';
  return reached === 1 ? 'strained' : 'holding';
}

function levels(
  all: AssessmentCase,
  counting: Worths,
): readonly { readonly second: Seconds; readonly level: number }[] {
  const { thresholds, stepDown, coverage } = all.question.modalities.rules;
  const limits = [0, thresholds.strained, thresholds.violated, thresholds.breakdown_indicated].map(
    (limit) => limit * 1000,
  );
  const figures = criticalInstants(all).map((second) => ({ second, points: milliPoints(all, counting, second) }));
  let reached = 0;
  return figures.map(({ second, points }) => {
    for (let up = 3; up > reached; up -= 1) if (points >= (limits[up] ?? 0)) reached = up;
    const start = second - stepDown.hours * HOURS;
    const before = figures.findLast((figure) => figure.second <= start);
    const during = figures.filter((figure) => figure.second > start && figure.second <= second);
    const highest = Math.max(before?.points ?? 0, ...during.map((figure) => figure.points));
    const watched = watchedShare(all, second) >= coverage.share;
    while (reached > 0 && watched && highest < Math.round((limits[reached] ?? 0) * stepDown.below)) reached -= 1;
    return { second, level: reached };
  });
}

// Points.

function pieces(incident: IncidentFact): readonly Piece[] {
  const { from, to } = interval(incident);
  if (to - from <= 48 * HOURS) return [{ from, length: 1, total: 1 }];
  const pieces: Piece[] = [];
  for (let start = from; start < to; start += 24 * HOURS)
    pieces.push({ from: start, length: Math.min(24 * HOURS, to - start), total: to - from });
  return pieces;
}

function countedInOrder(all: AssessmentCase): readonly IncidentFact[] {
  return relevantIncidents(all)
    .filter((incident) => counts(all, incident))
    .sort((a, b) => interval(a).from - interval(b).from || (a.incident < b.incident ? -1 : 1));
}

function firstAlignment(incident: IncidentFact, { framework }: AssessmentCase): string {
  const codes = activeReports(incident).map(({ organisation }) => framework.alignments.get(organisation) ?? 'unknown');
  return codes.sort()[0] ?? '';
}

type Worths = readonly { readonly incident: IncidentFact; readonly worth: number }[];

/** The thousandths with which each counted incident enters the window. */
function worths(all: AssessmentCase): Worths {
  const { rules } = all.question.modalities;
  const spent: Record<string, number> = {};
  return countedInOrder(all).map((incident) => {
    const how = level(incident, all);
    const full = Math.round(rules.severityPoints[severity(incident)] * rules.verificationWeight[how] * 1000);
    if (how !== 'reported' && how !== 'unverifiable') return { incident, worth: full };
    const key = `${firstAlignment(incident, all)} on ${damascusDay(interval(incident).from)}`;
    const worth = Math.min(full, Math.round(rules.unverifiedCap * 1000) - (spent[key] ?? 0));
    spent[key] = (spent[key] ?? 0) + worth;
    return { incident, worth };
  });
}

function inWindow(all: AssessmentCase, incident: IncidentFact, worth: number, at: Seconds): number {
  return pieces(incident)
    .map(({ from, length, total }) => {
      const step = all.question.modalities.rules.window.find(({ hours }) => at - from < hours * HOURS);
      if (at < from || !step) return 0;
      const above = BigInt(worth) * BigInt(Math.round(step.factor * 1000)) * BigInt(length);
      const below = BigInt(total) * 1000n;
      return Number((2n * above + below) / (2n * below));
    })
    .reduce((sum, part) => sum + part, 0);
}

function milliPoints(all: AssessmentCase, counting: Worths, at: Seconds): number {
  return counting.reduce((sum, { incident, worth }) => sum + inWindow(all, incident, worth, at), 0);
}

/** Rule 18. */
export function referenceDispute(all: AssessmentCase, at: Seconds): number | null {
  const { severityPoints } = all.question.modalities.rules;
  const shares = relevantIncidents(all).map((incident) => ({
    disputed: incident.claims.some(({ type }) => type !== 'assertion'),
    points: inWindow(all, incident, Math.round(severityPoints[severity(incident)] * 1000), at),
  }));
  const sum = (some: typeof shares): number => some.reduce((total, { points }) => total + points, 0);
  if (sum(shares) === 0) return null;
  return Math.floor((sum(shares.filter(({ disputed }) => disputed)) / sum(shares)) * 1000 + 0.5 + 1e-9) / 1000;
}

// Episodes, red lines and coverage.

function isFloor(all: AssessmentCase, episode: EpisodeFact, at: Seconds): boolean {
  if (at < episode.from || at >= (episode.to ?? Infinity)) return false;
  const here = all.framework.regions.containing(all.question.region);
  if (episode.accused.length > 0 && !episode.accused.some((actor) => isBoundOrUnknown(all, actor, here, at)))
    return false;
  return episode.exclusionClaim === null || !exempts(all, episode.exclusionClaim, here, at);
}

function redLineIsMet(all: AssessmentCase, counting: Worths, at: Seconds): boolean {
  const { region, lens } = all.question;
  const party = lens.positionsOf ?? null;
  return all.facts.redLines
    .filter((line) => line.region === region && at < (line.withdrawnAt ?? Infinity))
    .filter(
      ({ declaredBy }) =>
        party === null ||
        party === declaredBy ||
        all.framework.actors.get(declaredBy)?.guarantors.some((guarantor) => guarantor === party),
    )
    .some(({ condition }) =>
      counting.some(
        ({ incident }) =>
          interval(incident).from <= at &&
          level(incident, all).startsWith('verified') &&
          activeReports(incident).some(({ kind }) => kind === condition.kind) &&
          (!condition.by ||
            activeReports(incident).some(({ accused }) => accused.some((actor) => condition.by?.includes(actor)))),
      ),
    );
}

function watchedShare(all: AssessmentCase, at: Seconds): number {
  const leaves = all.framework.regions.leaves(all.question.region);
  const areasKnown = leaves.every(({ areaKm2 }) => areaKm2 !== null);
  const area = (some: typeof leaves): number =>
    some.reduce((sum, leaf) => sum + (areasKnown ? (leaf.areaKm2 ?? 0) : 1), 0);
  return area(leaves.filter(({ code }) => isVouchedFor(all, code, at))) / area(leaves);
}

function isVouchedFor({ framework, facts, question }: AssessmentCase, leaf: string, at: Seconds): boolean {
  const after = question.modalities.rules.coverage.vouchHours * HOURS;
  const bearing = facts.observations.filter(({ region }) => framework.regions.containing(leaf).includes(region));
  const denials = bearing.filter(({ type }) => type === 'access_denied');
  if (denials.some(({ from, to }) => from <= at && at < to)) return false;
  return bearing
    .filter(({ type, from, to }) => type === 'nil' && from <= at && at < to + after)
    .some(({ to }) => !denials.some(({ from }) => from >= to && from <= at));
}
