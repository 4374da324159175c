// How a region stands at an instant, and why: what counted, what did not, what would change it (DOMAIN, section 4,
// rules 16 and 18).
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
import { basisOf, comeToTheSame, segmentsOf, type Basis, type Question } from './timeline.js';

export type CountedIncident = {
  readonly incident: string;
  readonly kind: ReportKind;
  readonly occurred: { readonly from: Seconds; readonly to: Seconds };
  readonly severity: Severity;
  readonly verification: VerificationLevel;
  /** Of its severity. */
  readonly points: number;
  /** Of its verification level. */
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
  /** False: another's line under this lens, which does not move the status. */
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
  /** Null: it has never been anything else. */
  readonly since: Seconds | null;
  readonly intensity: number;
  readonly coverage: number;
  /** Share of the points in the window that is disputed; null where the window is empty. */
  readonly dispute: number | null;
  /** In order of their start, then of their id, as are those not counted. */
  readonly counted: readonly CountedIncident[];
  /** What began by then and has, or would have had, its window open within the last 30 days. */
  readonly notCounted: readonly NotCountedIncident[];
  /** In force, or over for less than a nil report would vouch. */
  readonly accessDenials: readonly ObservationFact[];
  /** The open episode that keeps the region at least `violated`; of several the one that began first. */
  readonly floor: EpisodeFact | null;
  /** The lines about this region that are not withdrawn by then. */
  readonly redLines: readonly RedLineAssessment[];
  /** With no new report. */
  readonly nextChange: NextChange | null;
};

/** How long an incident that no longer counts is still listed. */
const LISTED_AFTER_WINDOW = 30 * DAY;

/** One region under one lens, worked out once: to be asked about as many instants as one likes. */
export type ComputedTimeline = {
  readonly question: Question;
  readonly framework: Framework;
  readonly facts: RegionFacts;
  readonly basis: Basis;
  readonly span: TimelineBounds;
  /** From the end of the past to the beginning of what comes after, or to the end of time. */
  readonly segments: readonly Segment[];
};

/** What is around the time that is worked out; left out: it goes on to the beginning or to the end of time. */
export type TimelineBounds = { readonly carryOver?: CarryOver | null; readonly continuation?: Continuation | null };

/** What is known of the time from `at` on: when the status first changes; null: never. */
export type Continuation = { readonly at: Seconds; readonly change: NextChange | null };

/**
 * `like`: the same through another lens, which saves the work where both see the same.
 * Within a span the facts need only be those that bear on the end of its past or on later instants (apart from that
 * past), with all that share their days, for these share the cap; and of these those begun before its end.
 */
export function computeTimeline(
  framework: Framework,
  facts: RegionFacts,
  question: Question,
  { span = {}, like = null }: { readonly span?: TimelineBounds; readonly like?: ComputedTimeline | null } = {},
): ComputedTimeline {
  const { carryOver = null, continuation = null } = span;
  const basis = basisOf(framework, facts, question, carryOver?.met);
  if (like && isLike({ framework, facts, question, span }, like) && comeToTheSame(basis, like.basis))
    return { question, framework, facts, basis, span, segments: like.segments };
  const segments = clipped(segmentsOf(basis, question.modalities.rules, carryOver), {
    from: -Infinity,
    to: continuation?.at ?? Infinity,
  });
  return { question, framework, facts, basis, span, segments };
}

/** All but the lens is the same. */
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

export function assessmentAt(worked: ComputedTimeline, at: Seconds): Assessment {
  const { question, framework, facts, basis } = worked;
  const { region, modalities } = question;
  const { rules } = modalities;
  const window = windowSteps(rules);
  const begun = begunBy(basis, window, { at, closedFor: LISTED_AFTER_WINDOW });
  return {
    ...summaryAt(worked, at),
    counted: countedAt(begun, window, { rules, at }),
    notCounted: notCountedAt(begun, window, at),
    accessDenials: denialsAt(framework.regions, region, facts.observations, { rules, at }),
    floor: basis.floors.find(({ from, to }) => from <= at && at < to)?.episode ?? null,
  };
}

/** An assessment without its lists: how a region stands among others. `counted` is how many incidents count. */
export type AssessmentSummary = Omit<Assessment, 'counted' | 'notCounted' | 'accessDenials' | 'floor'> & {
  readonly counted: number;
};

export function summaryAt(worked: ComputedTimeline, at: Seconds): AssessmentSummary {
  const { question, basis, segments, span } = worked;
  const { region, lens, modalities } = question;
  const { segment, nextChange } = readingOf(segments, at);
  const window = windowSteps(modalities.rules);
  const begun = begunBy(basis, window, { at, closedFor: 0 });
  return {
    region,
    lens: lens.code,
    modalities: modalities.version,
    at,
    status: segment.status,
    since: statusSince(worked, at),
    intensity: segment.intensity,
    coverage: segment.coverage,
    dispute: disputeAt(begun, window, at),
    counted: begun.filter((incident) => isCounting(incident, window, at)).length,
    redLines: redLinesAt(basis, at),
    nextChange: nextChange ?? span.continuation?.change ?? null,
  };
}

/**
 * All that have begun by then and may have their window open, or have had it open within `closedFor`. They are found by
 * halving, for of years of incidents a reader is told about weeks.
 */
function begunBy(
  { incidents, longest }: Basis,
  window: readonly WindowStep[],
  { at, closedFor }: { readonly at: Seconds; readonly closedFor: Seconds },
): readonly ScoredIncident[] {
  const age = window.at(-1)?.to ?? 0;
  return incidents.slice(startedBy(incidents, at - longest - age - closedFor), startedBy(incidents, at));
}

/** How many of them, in order of their start, have begun by then. */
function startedBy(incidents: readonly ScoredIncident[], at: Seconds): number {
  let [low, high] = [0, incidents.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((incidents[middle]?.view.from ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Null: it has never been anything else. */
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

/** Counted, and within its window. */
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

/** Rule 18: before verification weight, out-of-scope incidents included; one that was withdrawn is none. */
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
