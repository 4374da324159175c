// The status of a region at an instant with its explanation: what counted, what did not, and when it would next change
// (rules.md, rules 16 and 18).
import { DAY } from '../time.js';
import type { ReportKind, Seconds, Severity, Status, VerificationLevel } from '../vocabulary.js';
import { denialsAt } from './coverage.js';
import type { EpisodeFact, Framework, ObservationFact, RegionFacts, Rules } from './facts.js';
import {
  addedAt,
  endOfWindow,
  roundedShare,
  THOUSAND,
  windowSteps,
  type ScoredIncident,
  type NotCountedReason,
  type WindowStep,
} from './points.js';
import type { CarryOver } from './carry-over.js';
import { clipped, findSegment, type NextChange, type Segment } from './segments.js';
import { basisOf, haveSameSegments, segmentsOf, type Basis, type Question } from './timeline.js';

export type CountedIncident = {
  readonly incident: string;
  readonly kind: ReportKind;
  readonly occurred: { readonly from: Seconds; readonly to: Seconds };
  readonly severity: Severity;
  readonly verification: VerificationLevel;
  /** The points of its severity. */
  readonly points: number;
  /** The weight of its verification level. */
  readonly weight: number;
  /** What it adds at the instant: after weight, cap and window. */
  readonly contribution: number;
};

export type NotCountedIncident = {
  readonly incident: string;
  readonly reason: NotCountedReason | 'aged_out' | 'position';
};

export type RedLineAssessment = {
  readonly redLine: string;
  readonly declaredBy: string;
  readonly text: string;
  /** False: this lens does not honour the line, so it does not affect the status. */
  readonly honoured: boolean;
  readonly met: boolean;
  /** The incident that met it, and since when; null while it is not met. */
  readonly incident: string | null;
  readonly since: Seconds | null;
};

export type Assessment = {
  readonly region: string;
  readonly lens: string;
  /** The modalities' version. */
  readonly modalities: string;
  readonly at: Seconds;
  readonly status: Status;
  /** Null: the status has always been the same. */
  readonly since: Seconds | null;
  readonly intensity: number;
  readonly coverage: number;
  /** Share of the points in the window that is disputed; null where the window is empty. */
  readonly dispute: number | null;
  /** Ordered by start, then by id, like `notCounted`. */
  readonly counted: readonly CountedIncident[];
  /** Incidents that began by then and whose window is, or would have been, open within the last 30 days. */
  readonly notCounted: readonly NotCountedIncident[];
  /** In force, or ended for less than the time that a nil report vouches. */
  readonly accessDenials: readonly ObservationFact[];
  /** The open episode that keeps the region at least `violated`; of several, the earliest. */
  readonly floor: EpisodeFact | null;
  /** The lines about this region that are not withdrawn by then. */
  readonly redLines: readonly RedLineAssessment[];
  /** Assuming no new report. */
  readonly nextChange: NextChange | null;
};

/** How long an incident that no longer counts is still listed. */
const LISTED_AFTER_WINDOW = 30 * DAY;

/** The timeline of one region under one lens, computed once and then queried for any number of instants. */
export type ComputedTimeline = {
  readonly question: Question;
  readonly framework: Framework;
  readonly facts: RegionFacts;
  readonly basis: Basis;
  readonly span: TimelineBounds;
  /** From the end of the carry-over to the beginning of the continuation; without them, over all time. */
  readonly segments: readonly Segment[];
};

/** What is known before and after the computed time. Omitted: the timeline reaches the beginning or the end of time. */
export type TimelineBounds = { readonly carryOver?: CarryOver | null; readonly continuation?: Continuation | null };

/** The first change of status from `at` on; null: none. */
export type Continuation = { readonly at: Seconds; readonly change: NextChange | null };

/**
 * `like`: the timeline through another lens; its segments are reused when both lenses come to the same result.
 * With a carry-over, the facts need only be those that affect its end or later instants, plus all incidents of the same
 * days, because these share the cap. With a continuation, only those that begin before it are needed.
 */
export function computeTimeline(
  framework: Framework,
  facts: RegionFacts,
  question: Question,
  { span = {}, like = null }: { readonly span?: TimelineBounds; readonly like?: ComputedTimeline | null } = {},
): ComputedTimeline {
  const { carryOver = null, continuation = null } = span;
  const basis = basisOf(framework, facts, question, carryOver?.met);
  if (like && isLike({ framework, facts, question, span }, like) && haveSameSegments(basis, like.basis))
    return { question, framework, facts, basis, span, segments: like.segments };
  const segments = clipped(segmentsOf(basis, question.modalities.rules, carryOver), {
    from: -Infinity,
    to: continuation?.at ?? Infinity,
  });
  return { question, framework, facts, basis, span, segments };
}

/** Everything except the lens is the same. */
function isLike(
  { framework, facts, question, span }: Pick<ComputedTimeline, 'framework' | 'facts' | 'question' | 'span'>,
  like: ComputedTimeline,
): boolean {
  return (
    framework.regions === like.framework.regions &&
    facts === like.facts &&
    question.region === like.question.region &&
    question.modalities === like.question.modalities &&
    JSON.stringify(span) === JSON.stringify(like.span)
  );
}

export function assess(
  framework: Framework,
  facts: RegionFacts,
  question: Question & { readonly at: Seconds },
): Assessment {
  return assessmentAt(computeTimeline(framework, facts, question), question.at);
}

export function assessmentAt(computed: ComputedTimeline, at: Seconds): Assessment {
  const { question, framework, facts, basis } = computed;
  const { region, modalities } = question;
  const { rules } = modalities;
  const window = windowSteps(rules);
  const begun = recentlyStarted(basis, window, { at, closedFor: LISTED_AFTER_WINDOW });
  return {
    ...summaryAt(computed, at),
    counted: countedAt(begun, window, { rules, at }),
    notCounted: notCountedAt(begun, window, at),
    accessDenials: denialsAt(framework.regions, region, facts.observations, { rules, at }),
    floor: basis.floors.find(({ from, to }) => from <= at && at < to)?.episode ?? null,
  };
}

/** An assessment without its lists, for tables of regions. `counted` is the number of incidents that count. */
export type AssessmentSummary = Omit<Assessment, 'counted' | 'notCounted' | 'accessDenials' | 'floor'> & {
  readonly counted: number;
};

export function summaryAt(computed: ComputedTimeline, at: Seconds): AssessmentSummary {
  const { question, basis, segments, span } = computed;
  const { region, lens, modalities } = question;
  const { segment, nextChange } = readingOf(segments, at);
  const window = windowSteps(modalities.rules);
  const begun = recentlyStarted(basis, window, { at, closedFor: 0 });
  return {
    region,
    lens: lens.code,
    modalities: modalities.version,
    at,
    status: segment.status,
    since: statusSince(computed, at),
    intensity: segment.intensity,
    coverage: segment.coverage,
    dispute: disputeAt(begun, window, at),
    counted: begun.filter((incident) => isCounting(incident, window, at)).length,
    redLines: redLinesAt(basis, at),
    nextChange: nextChange ?? span.continuation?.change ?? null,
  };
}

/**
 * All incidents that have begun by then and whose window may be open, or was within `closedFor`. Found by binary search,
 * because an assessment concerns weeks out of years of incidents.
 */
function recentlyStarted(
  { incidents, longest }: Basis,
  window: readonly WindowStep[],
  { at, closedFor }: { readonly at: Seconds; readonly closedFor: Seconds },
): readonly ScoredIncident[] {
  const age = window.at(-1)?.to ?? 0;
  return incidents.slice(countStartedBy(incidents, at - longest - age - closedFor), countStartedBy(incidents, at));
}

/** The number of incidents, in order of start, that have begun by then. */
function countStartedBy(incidents: readonly ScoredIncident[], at: Seconds): number {
  let [low, high] = [0, incidents.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((incidents[middle]?.view.from ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Null: the status has always been the same. */
export function statusSince({ segments, span: { carryOver } }: ComputedTimeline, at: Seconds): Seconds | null {
  const { segment, since } = readingOf(segments, at);
  if (since === -Infinity) return null;
  return since === carryOver?.at && segment.status === carryOver.status ? carryOver.since : since;
}

function readingOf(segments: readonly Segment[], at: Seconds): NonNullable<ReturnType<typeof findSegment>> {
  const reading = findSegment(segments, at);
  if (!reading) throw new Error(`a timeline without an end has no segment at ${at}`);
  return reading;
}

/** Whether it counts and its window is open. */
function isCounting({ uncounted, pieces }: ScoredIncident, window: readonly WindowStep[], at: Seconds): boolean {
  return uncounted === null && isInWindow(pieces, window, at);
}

function isInWindow(pieces: ScoredIncident['pieces'], window: readonly WindowStep[], at: Seconds): boolean {
  const age = window.at(-1)?.to ?? 0;
  return pieces.some(({ from }) => from <= at && at < from + age);
}

function countedAt(
  begun: readonly ScoredIncident[],
  window: readonly WindowStep[],
  { rules, at }: { readonly rules: Rules; readonly at: Seconds },
): readonly CountedIncident[] {
  return begun
    .filter((incident) => isCounting(incident, window, at))
    .map(({ view, points, weighted, pieces }) => ({
      incident: view.incident,
      kind: view.kind,
      occurred: { from: view.from, to: view.to },
      severity: view.severity,
      verification: view.level,
      points: points / THOUSAND,
      weight: rules.verificationWeight[view.level],
      contribution: addedAt(weighted, pieces, window, at) / THOUSAND,
    }));
}

function notCountedAt(
  begun: readonly ScoredIncident[],
  window: readonly WindowStep[],
  at: Seconds,
): readonly NotCountedIncident[] {
  return begun
    .filter((incident) => !isCounting(incident, window, at))
    .filter(({ pieces }) => endOfWindow(pieces, window) > at - LISTED_AFTER_WINDOW)
    .map(({ view, uncounted }) => ({ incident: view.incident, reason: uncounted ?? 'aged_out' }));
}

/** Rule 18: before verification weight, including out-of-scope incidents, excluding withdrawn ones. */
function disputeAt(begun: readonly ScoredIncident[], window: readonly WindowStep[], at: Seconds): number | null {
  let [all, disputed] = [0, 0];
  for (const { view, points, pieces } of begun) {
    if (view.withdrawn) continue;
    const added = addedAt(points, pieces, window, at);
    all += added;
    if (view.claims.some(({ type }) => type === 'denial' || type === 'exclusion')) disputed += added;
  }
  return all === 0 ? null : roundedShare(disputed * THOUSAND, all) / THOUSAND;
}

function redLinesAt({ redLines }: Basis, at: Seconds): readonly RedLineAssessment[] {
  return redLines
    .filter(({ redLine: { withdrawnAt } }) => withdrawnAt === null || at < withdrawnAt)
    .map(({ redLine: { redLine, declaredBy, text }, honoured, met }) => {
      const isMet = met !== null && met.from <= at;
      return {
        redLine,
        declaredBy,
        text,
        honoured,
        met: isMet,
        incident: isMet ? met.incident : null,
        since: isMet ? met.from : null,
      };
    });
}
