// The events of an incident. Stream: incident-<id>. Key: the incident.
import type { CarriedReport } from '../report/report-events.js';
import type { AttributionLevel, ClaimOutcome, ClaimType, Severity, VerificationLevel } from '../vocabulary.js';

export type CarriedClaim = {
  readonly by: string;
  readonly claimType: ClaimType;
  readonly target: string | null;
  readonly outcome: ClaimOutcome | null;
};

export type CarriedVerification = { readonly level: VerificationLevel; readonly severity: Severity | null };

export type CarriedAttribution = { readonly level: AttributionLevel; readonly actors: readonly string[] };

type EventWith<Type extends string, Data> = {
  readonly type: Type;
  readonly data: { readonly incident: string } & Data;
};

/** Opened by its first report (a ReportSubmitted with the same key) or by reports split from another incident. */
export type IncidentOpened = EventWith<
  'IncidentOpened',
  { readonly report: string; readonly splitFrom: string | null; readonly carried: readonly CarriedReport[] }
>;
/** `carried` is null when the report named this incident at submission: its content is then in ReportSubmitted. */
export type ReportLinked = EventWith<
  'ReportLinked',
  { readonly report: string; readonly from: string | null; readonly carried: CarriedReport | null }
>;
export type ReportUnlinked = EventWith<'ReportUnlinked', { readonly report: string; readonly to: string }>;
export type IncidentMerged = EventWith<'IncidentMerged', { readonly into: string }>;
/**
 * `claims` continue the numbering of this incident's claims. `verification` and `attribution` are null when there was
 * nothing to carry, or when this incident has a finding of its own, which then stays in force.
 */
export type IncidentAbsorbed = EventWith<
  'IncidentAbsorbed',
  {
    readonly from: string;
    readonly carried: readonly CarriedReport[];
    readonly claims: readonly CarriedClaim[];
    readonly verification: CarriedVerification | null;
    readonly attribution: CarriedAttribution | null;
  }
>;
export type IncidentSplit = EventWith<'IncidentSplit', { readonly into: string; readonly reports: readonly string[] }>;
export type VerificationSet = EventWith<
  'VerificationSet',
  { readonly level: VerificationLevel; readonly severity: Severity | null }
>;
export type AttributionSet = EventWith<
  'AttributionSet',
  { readonly level: AttributionLevel; readonly actors: readonly string[] }
>;
/** `claim` numbers the claims of one incident 1, 2, 3, ... */
export type ClaimMade = EventWith<
  'ClaimMade',
  { readonly claim: number; readonly by: string; readonly claimType: ClaimType; readonly target: string | null }
>;
export type ClaimAssessed = EventWith<'ClaimAssessed', { readonly claim: number; readonly outcome: ClaimOutcome }>;

export type IncidentEvent =
  | IncidentOpened
  | ReportLinked
  | ReportUnlinked
  | IncidentMerged
  | IncidentAbsorbed
  | IncidentSplit
  | VerificationSet
  | AttributionSet
  | ClaimMade
  | ClaimAssessed;
