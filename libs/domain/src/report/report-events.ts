// What may have happened to a report. Stream: report-<id>. Key: its incident; where it has none the region that it was
// first submitted for, which stays the key when an amendment names another region, so that one fold sees all of it.
import type { Instant, Means, PlacePrecision, ReportFlag, ReportKind, Severity, TimePrecision } from '../vocabulary.js';

/** A count that is only known within bounds, both inclusive. */
export type Range = { readonly min: number; readonly max: number };

export type Casualties = { readonly killed: Range | null; readonly injured: Range | null };

/** Who reported, as far as anybody but the intake may know: pseudonyms that stay the same over reports. */
export type Source = { readonly monitor: string; readonly organisation: string };

/** Where a report belongs, as it was resolved at intake; never resolved again. */
export type ReportedPlace = {
  /** The region named, or the smallest one that the point was found in. */
  readonly region: string;
  /** Every region that contains it, the largest first, zones last. */
  readonly regions: readonly string[];
  readonly precision: PlacePrecision | null;
};

/** A violation as reported, without what must never leave the intake (handle, point, narrative, evidence). */
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

/** "I looked, nothing happened", or "I was not let in". */
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
  /** The client's own id of the amendment, where it made one. */
  readonly amendment: string | null;
};

/** The whole content as it reads now; the earlier one stays in the log. `incident` is where the report belongs by then. */
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
