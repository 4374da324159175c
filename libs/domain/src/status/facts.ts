// The facts that the assessment is computed from, as known at one position of the log.
import type { Exclusion, Reading } from '../instrument/instrument-events.js';
import type { Rules } from '../modalities/modalities-events.js';
import type { RegionMap } from '../region/region-map.js';
import type { Casualties } from '../report/report-events.js';
import type {
  AttributionLevel,
  ClaimOutcome,
  ClaimType,
  EpisodeKind,
  Guarantor,
  Means,
  ReportKind,
  Seconds,
  Severity,
  TimePrecision,
  VerificationLevel,
} from '../vocabulary.js';

export type { Exclusion, Reading, Rules };

/** One violation report within an incident. */
export type ReportFact = {
  readonly report: string;
  readonly withdrawn: boolean;
  readonly from: Seconds;
  /** As reported; null: it lasts one unit of the precision (rules.md, rule 6). */
  readonly to: Seconds | null;
  readonly precision: TimePrecision;
  readonly region: string;
  /** Every region that contains its place, as resolved at intake. */
  readonly regions: readonly string[];
  readonly kind: ReportKind;
  readonly severity: Severity | null;
  readonly means: Means;
  readonly accused: readonly string[];
  readonly target: string | null;
  readonly casualties: Casualties;
  /** Pseudonyms. */
  readonly monitor: string;
  readonly organisation: string;
};

export type ClaimFact = {
  readonly claim: number;
  readonly by: string;
  readonly type: ClaimType;
  readonly target: string | null;
  readonly outcome: ClaimOutcome | null;
};

/** An incident folded from its events. Plain JSON: the projection stores it as it is. */
export type IncidentFact = {
  readonly incident: string;
  readonly reports: readonly ReportFact[];
  /** Set by a person; null: the level is derived from the reports (rules.md, rule 12). */
  readonly verification: { readonly level: VerificationLevel; readonly severity: Severity | null } | null;
  readonly attribution: { readonly level: AttributionLevel; readonly actors: readonly string[] } | null;
  readonly claims: readonly ClaimFact[];
  /** The incident that it was merged into: it no longer counts, and its id redirects there. */
  readonly mergedInto: string | null;
};

/** A nil report or a denial of access. */
export type ObservationFact = {
  readonly report: string;
  readonly type: 'nil' | 'access_denied';
  readonly region: string;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly deniedBy: string | null;
};

export type EpisodeFact = {
  readonly episode: string;
  readonly kind: EpisodeKind;
  readonly name: string;
  readonly region: string;
  readonly from: Seconds;
  readonly to: Seconds | null;
  readonly accused: readonly string[];
  readonly exclusionClaim: {
    readonly by: string;
    readonly target: string | null;
    readonly outcome: ClaimOutcome | null;
  } | null;
};

export type RedLineFact = {
  readonly redLine: string;
  readonly declaredBy: string;
  readonly region: string;
  readonly condition: { readonly kind: ReportKind; readonly by: readonly string[] | null };
  readonly text: string;
  readonly withdrawnAt: Seconds | null;
};

export type Actor = { readonly code: string; readonly bound: boolean; readonly guarantors: readonly Guarantor[] };

export type Instrument = {
  readonly code: string;
  readonly from: Seconds;
  readonly to: Seconds | null;
  readonly regions: readonly string[];
  readonly readings: readonly Reading[];
};

export type Lens = {
  readonly code: string;
  readonly reading: string;
  readonly exclusionClaims: 'until_upheld' | 'honoured';
  /** A guarantor's lens honours only that guarantor's red lines (rules.md, rule 11); omitted or null: all of them. */
  readonly positionsOf?: Guarantor | null;
};

export type Modalities = { readonly version: string; readonly from: Seconds; readonly rules: Rules };

/** What all regions share: the map, the actors, the instruments and the alignments. */
export type Framework = {
  readonly regions: RegionMap;
  readonly actors: ReadonlyMap<string, Actor>;
  readonly instruments: readonly Instrument[];
  /** Alignment by the organisation's pseudonym; an organisation that is missing has an unknown alignment. */
  readonly alignments: ReadonlyMap<string, string>;
};

/**
 * All facts that affect one region. Facts that do not affect it are allowed and ignored.
 * Withdrawn nil reports and access denials are not among the observations.
 */
export type RegionFacts = {
  readonly incidents: readonly IncidentFact[];
  readonly observations: readonly ObservationFact[];
  readonly episodes: readonly EpisodeFact[];
  readonly redLines: readonly RedLineFact[];
};
