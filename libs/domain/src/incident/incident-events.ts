// What may have happened to an incident. Stream: incident-<id>. Key: the incident.
import type { Source, ViolationContent } from '../report/report-events.js';
import type { AttributionLevel, ClaimOutcome, ClaimType, Severity, VerificationLevel } from '../vocabulary.js';

/** A report that moves between incidents takes its content along, so that each incident can be folded alone. */
export type CarriedReport = {
  readonly report: string;
  readonly source: Source;
  readonly withdrawn: boolean;
  readonly content: ViolationContent;
};

export type CarriedClaim = {
  readonly by: string;
  readonly claimType: ClaimType;
  readonly target: string | null;
  readonly outcome: ClaimOutcome | null;
};

export type CarriedVerification = { readonly level: VerificationLevel; readonly severity: Severity | null };

export type CarriedAttribution = { readonly level: AttributionLevel; readonly actors: readonly string[] };

type Fact<Type extends string, Data> = { readonly type: Type; readonly data: { readonly incident: string } & Data };

/** Opened by its first report (which comes as ReportSubmitted with the same key) or by reports taken out of another. */
export type IncidentOpened = Fact<
  'IncidentOpened',
  { readonly report: string; readonly splitFrom: string | null; readonly carried: readonly CarriedReport[] }
>;
/** `carried` is null where the report came in with this incident's name: ReportSubmitted then tells its content. */
export type ReportLinked = Fact<
  'ReportLinked',
  { readonly report: string; readonly from: string | null; readonly carried: CarriedReport | null }
>;
export type ReportUnlinked = Fact<'ReportUnlinked', { readonly report: string; readonly to: string }>;
export type IncidentMerged = Fact<'IncidentMerged', { readonly into: string }>;
/**
 * `claims` go on with the numbers after the ones that are here already. `verification` and `attribution` are null
 * where there was nothing to carry or where this incident has a finding of its own, which stands.
 */
export type IncidentAbsorbed = Fact<
  'IncidentAbsorbed',
  {
    readonly from: string;
    readonly carried: readonly CarriedReport[];
    readonly claims: readonly CarriedClaim[];
    readonly verification: CarriedVerification | null;
    readonly attribution: CarriedAttribution | null;
  }
>;
export type IncidentSplit = Fact<'IncidentSplit', { readonly into: string; readonly reports: readonly string[] }>;
export type VerificationSet = Fact<
  'VerificationSet',
  { readonly level: VerificationLevel; readonly severity: Severity | null }
>;
export type AttributionSet = Fact<
  'AttributionSet',
  { readonly level: AttributionLevel; readonly actors: readonly string[] }
>;
/** `claim` numbers the claims of one incident 1, 2, 3, ... */
export type ClaimMade = Fact<
  'ClaimMade',
  { readonly claim: number; readonly by: string; readonly claimType: ClaimType; readonly target: string | null }
>;
export type ClaimAssessed = Fact<'ClaimAssessed', { readonly claim: number; readonly outcome: ClaimOutcome }>;

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
