// What follows from an incident's reports, in whatever order they came (DOMAIN, section 4, rules 4, 6, 12, 15).
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
  /** The most precise report; the interval, the kind and the place are its. */
  readonly lead: ReportFact;
  readonly from: Seconds;
  /** Exclusive; may equal `from`. */
  readonly to: Seconds;
  readonly kind: ReportKind;
  /** The kinds of all its reports, sorted. */
  readonly kinds: readonly ReportKind[];
  readonly severity: Severity;
  readonly level: VerificationLevel;
  /** What any of its reports accuses, sorted; empty: an unknown hand. */
  readonly accused: readonly string[];
  /** What any of its reports names as the target, sorted. */
  readonly targets: readonly string[];
  /** Of the organisations that reported it, sorted. */
  readonly alignments: readonly string[];
  /** Every region that any of its reports was recorded in, sorted. */
  readonly regions: readonly string[];
  readonly casualties: Casualties;
  readonly claims: readonly ClaimFact[];
  /** How many different monitors reported it, and how many reports they made; withdrawn ones not counted. */
  readonly monitors: number;
  readonly reports: number;
  /** Every report was withdrawn: it is told by what they said, and counts no more. */
  readonly withdrawn: boolean;
};

// An incident is looked at from each region that contains it, under each lens: they share one view.
const views = new WeakMap<IncidentFact, { alignments: ReadonlyMap<string, string>; view: IncidentView | null }>();

/** Null where the incident has no report at all: its reports have moved to others. */
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
      killed: hull(telling.map(({ casualties }) => casualties.killed)),
      injured: hull(telling.map(({ casualties }) => casualties.injured)),
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
  return first && others.reduce((one, other) => (leads(other, one) ? other : one), first);
}

function leads(one: ReportFact, other: ReportFact): boolean {
  const byPrecision = TIME_PRECISIONS.indexOf(one.precision) - TIME_PRECISIONS.indexOf(other.precision);
  const order = byPrecision || one.from - other.from;
  return order < 0 || (order === 0 && one.report < other.report);
}

type MeansClass = 'witness' | 'record';

/** What corroborates nothing has no class. */
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
 * Where there are two monitors and two alignments, there are two reports that differ in both: were there none, every
 * two reports would share their monitor or their alignment, and then all of them would share the same one.
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

/** The lowest least and the highest most; null where nobody gave a number. */
function hull(ranges: readonly (Range | null)[]): Range | null {
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
