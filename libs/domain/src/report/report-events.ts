// The events of a report. Stream: report-<id>. Key: its incident. A report without an incident has as its key the
// region of its first submission, also after an amendment names another region, so that one fold sees all of its events.
import type { Instant, Means, PlacePrecision, ReportFlag, ReportKind, Severity, TimePrecision } from '../vocabulary.js';

/** A count known only within bounds, both inclusive. */
export type Range = { readonly min: number; readonly max: number };

export type Casualties = { readonly killed: Range | null; readonly injured: Range | null };

/** The source as everybody but the intake sees it: pseudonyms that are the same in all of its reports. */
export type Source = { readonly monitor: string; readonly organisation: string };

/** The place of a report as resolved at intake; it is never resolved again. */
export type ReportedPlace = {
  /** The region that the report names, or the smallest one that contains its point. */
  readonly region: string;
  /** Every region that contains it, the largest first, zones last. */
  readonly regions: readonly string[];
  readonly precision: PlacePrecision | null;
};

/** A violation as reported, without the data that must never leave the intake (handle, point, narrative, evidence). */
export type ViolationContent = {
  readonly occurred: { readonly from: Instant; readonly to: Instant | null; readonly precision: TimePrecision };
  readonly place: ReportedPlace;
  readonly kind: ReportKind;
  readonly severity: Severity | null;
  readonly means: Means;
  readonly accused: readonly string[];
  readonly target: string | null;
  readonly casualties: Casualties;
  readonly quantity: { readonly value: number; readonly unit: string } | null;
  readonly language: string | null;
  readonly evidenceCount: number;
};

/** A report that moves between incidents takes its content along, so that each incident can be folded alone. */
export type CarriedReport = {
  readonly report: string;
  readonly source: Source;
  readonly withdrawn: boolean;
  readonly content: ViolationContent;
};

/** The content of a nil report ("I looked, nothing happened") or an access-denied report. */
export type ObservationContent = {
  readonly observed: { readonly from: Instant; readonly to: Instant };
  readonly area: ReportedPlace;
  readonly means: Means | null;
  readonly deniedBy: string | null;
};

type Submitted<Type extends string, Content> = {
  readonly report: string;
  readonly type: Type;
  readonly source: Source;
  readonly flags: readonly ReportFlag[];
  readonly content: Content;
};

export type ReportSubmitted = {
  readonly type: 'ReportSubmitted';
  readonly data:
    | (Submitted<'violation', ViolationContent> & { readonly incident: string })
    | Submitted<'nil', ObservationContent>
    | Submitted<'access_denied', ObservationContent>;
};

type Amended<Type extends string, Content> = Omit<Submitted<Type, Content>, 'source'> & {
  /** The client's own id of the amendment, if it sent one. */
  readonly amendment: string | null;
};

/** The complete new content; the earlier one stays in the log. `incident` is the report's incident at that time. */
export type ReportAmended = {
  readonly type: 'ReportAmended';
  readonly data:
    | (Amended<'violation', ViolationContent> & { readonly incident: string })
    | Amended<'nil', ObservationContent>
    | Amended<'access_denied', ObservationContent>;
};

export type ReportWithdrawn = {
  readonly type: 'ReportWithdrawn';
  readonly data: { readonly report: string; readonly incident: string | null };
};

/** A verifier moved the report to another incident. */
export type ReportReassigned = {
  readonly type: 'ReportReassigned';
  readonly data: { readonly report: string; readonly from: string; readonly incident: string };
};

export type ReportEvent = ReportSubmitted | ReportAmended | ReportWithdrawn | ReportReassigned;
