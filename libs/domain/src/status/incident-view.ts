// What is derived from an incident's reports, independent of their order (rules.md, rules 4, 6, 12 and 15).
import type { Casualties, Range } from '../report/report-events.js';
import { oneUnitLater } from '../time.js';
import {
  TIME_PRECISIONS,
  UNKNOWN_ALIGNMENT,
  type Means,
  type ReportKind,
  type Seconds,
  type Severity,
  type VerificationLevel,
} from '../vocabulary.js';
import type { ClaimFact, IncidentFact, ReportFact } from './facts.js';
import { highestSeverity } from './severity.js';

export type IncidentView = {
  readonly incident: string;
  /** The most precise report: it gives the interval, the kind and the place. */
  readonly lead: ReportFact;
  readonly from: Seconds;
  /** Exclusive; may equal `from`. */
  readonly to: Seconds;
  readonly kind: ReportKind;
  /** The kinds of all its reports, sorted. */
  readonly kinds: readonly ReportKind[];
  readonly severity: Severity;
  readonly level: VerificationLevel;
  /** The actors that any of its reports accuses, sorted; empty: unknown. */
  readonly accused: readonly string[];
  /** The targets that any of its reports names, sorted. */
  readonly targets: readonly string[];
  /** The alignments of the organisations that reported it, sorted. */
  readonly alignments: readonly string[];
  /** Every region that any of its reports was recorded in, sorted. */
  readonly regions: readonly string[];
  readonly casualties: Casualties;
  readonly claims: readonly ClaimFact[];
  /** The number of different monitors and of reports, without withdrawn ones. */
  readonly monitors: number;
  readonly reports: number;
  /** All reports were withdrawn: the view is derived from them all the same, but the incident no longer counts. */
  readonly withdrawn: boolean;
};

// Cached, because every region that contains the incident and every lens share one view.
const views = new WeakMap<IncidentFact, { alignments: ReadonlyMap<string, string>; view: IncidentView | null }>();

/** Null when the incident has no reports because they were moved to others. */
export function incidentView(fact: IncidentFact, alignments: ReadonlyMap<string, string>): IncidentView | null {
  const known = views.get(fact);
  if (known?.alignments === alignments) return known.view;
  const view = viewOf(fact, alignments);
  views.set(fact, { alignments, view });
  return view;
}

function viewOf(fact: IncidentFact, alignments: ReadonlyMap<string, string>): IncidentView | null {
  const standing = fact.reports.filter(({ withdrawn }) => !withdrawn);
  const telling = standing.length > 0 ? standing : fact.reports;
  const lead = leadOf(telling);
  if (!lead) return null;
  const alignmentOf = ({ organisation }: ReportFact): string => alignments.get(organisation) ?? UNKNOWN_ALIGNMENT;
  return {
    incident: fact.incident,
    lead,
    from: lead.from,
    to: lead.to ?? oneUnitLater(lead.from, lead.precision),
    kind: lead.kind,
    kinds: sortedUnion(telling, ({ kind }) => [kind]),
    severity: fact.verification?.severity ?? highestSeverity(telling),
    level: fact.verification?.level ?? derivedLevel(standing, alignmentOf),
    accused: sortedUnion(telling, ({ accused }) => accused),
    targets: sortedUnion(telling, ({ target }) => (target === null ? [] : [target])),
    alignments: sortedUnion(telling, (report) => [alignmentOf(report)]),
    regions: sortedUnion(telling, ({ regions }) => regions),
    casualties: {
      killed: widestRange(telling.map(({ casualties }) => casualties.killed)),
      injured: widestRange(telling.map(({ casualties }) => casualties.injured)),
    },
    claims: fact.claims,
    monitors: new Set(standing.map(({ monitor }) => monitor)).size,
    reports: standing.length,
    withdrawn: standing.length === 0,
  };
}

/** The most precise; of several the earliest start, then the smallest id. */
function leadOf(reports: readonly ReportFact[]): ReportFact | undefined {
  const [first, ...others] = reports;
  return first && others.reduce((one, other) => (isMorePrecise(other, one) ? other : one), first);
}

function isMorePrecise(one: ReportFact, other: ReportFact): boolean {
  const byPrecision = TIME_PRECISIONS.indexOf(one.precision) - TIME_PRECISIONS.indexOf(other.precision);
  const order = byPrecision || one.from - other.from;
  return order < 0 || (order === 0 && one.report < other.report);
}

type MeansClass = 'witness' | 'record';

/** Null: corroborates nothing. */
const CLASS_OF_MEANS: Readonly<Record<Means, MeansClass | null>> = {
  seen: 'witness',
  heard: 'witness',
  interview: 'witness',
  recorded: 'record',
  imagery: 'record',
  crater_analysis: 'record',
  document: null,
  hearsay: null,
};

/**
 * Rule 12: corroborated by two reports of different monitors that differ in alignment or in class of means.
 * Counting monitors and alignments separately is enough. With two of each there is always a pair of reports that differs
 * in both: otherwise every pair would share its monitor or its alignment, and then all reports would share one.
 */
function derivedLevel(
  reports: readonly ReportFact[],
  alignmentOf: (report: ReportFact) => string,
): 'reported' | 'corroborated' {
  const telling = reports.filter(({ means }) => CLASS_OF_MEANS[means] !== null);
  if (new Set(telling.map(({ monitor }) => monitor)).size < 2) return 'reported';
  const alignments = new Set(telling.map(alignmentOf)).size;
  const classes = new Set(telling.map(({ means }) => CLASS_OF_MEANS[means])).size;
  return alignments > 1 || classes > 1 ? 'corroborated' : 'reported';
}

/** The lowest `min` and the highest `max`; null if no report gives a number. */
function widestRange(ranges: readonly (Range | null)[]): Range | null {
  const known = ranges.filter((range) => range !== null);
  const [first, ...others] = known;
  if (!first) return null;
  return others.reduce(
    (one, other) => ({ min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) }),
    first,
  );
}

function sortedUnion<Item, Value extends string>(
  items: readonly Item[],
  values: (item: Item) => readonly Value[],
): readonly Value[] {
  const [only] = items;
  // Most incidents have one report, and most of its lists one element.
  const all = items.length === 1 && only !== undefined ? values(only) : items.flatMap(values);
  return all.length < 2 ? all : [...new Set(all)].sort();
}
