// The enumerations of rules.md as stable codes. Extend them, never rename them: the log keeps them for ever.

export const REPORT_KINDS = [
  'small_arms_fire',
  'direct_fire_heavy',
  'indirect_fire',
  'air_strike',
  'overflight',
  'ground_assault',
  'territorial_gain',
  'force_movement',
  'fortification',
  'heavy_weapon_in_zone',
  'ied_or_mine',
  'chemical',
  'siege_or_aid_obstruction',
  'attack_on_civilians',
  'attack_on_infrastructure',
  'attack_on_monitor',
  'killing_of_negotiator',
  'detention',
  'incitement',
  'live_fire_training',
  'undetermined_explosion',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export const MEANS = [
  'seen',
  'heard',
  'recorded',
  'imagery',
  'crater_analysis',
  'interview',
  'document',
  'hearsay',
] as const;
export type Means = (typeof MEANS)[number];

/** From the lightest to the gravest act, apart from who did it. */
export const SEVERITIES = ['minor', 'moderate', 'serious', 'grave'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How well the occurrence is established. */
export const VERIFICATION_LEVELS = [
  'reported',
  'corroborated',
  'verified_remote',
  'verified_on_site',
  'unverifiable',
  'refuted',
] as const;
export type VerificationLevel = (typeof VERIFICATION_LEVELS)[number];

export const ATTRIBUTION_LEVELS = [
  'attributed',
  'probable',
  'contested',
  'not_attributable',
  'withheld',
  'pending',
] as const;
export type AttributionLevel = (typeof ATTRIBUTION_LEVELS)[number];

/** The scale, from calm to worst; STATUSES adds the three that are outside the scale. */
export const STATUS_SCALE = ['holding', 'strained', 'violated', 'breakdown_indicated'] as const;
export type ScaleStatus = (typeof STATUS_SCALE)[number];
export const STATUSES = [...STATUS_SCALE, 'not_observed', 'not_covered', 'suspended'] as const;
export type Status = (typeof STATUSES)[number];

/** From the most to the least precise. */
export const TIME_PRECISIONS = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type TimePrecision = (typeof TIME_PRECISIONS)[number];

/** From the most to the least precise. */
export const PLACE_PRECISIONS = ['exact', 'settlement', 'subdistrict', 'district', 'governorate'] as const;
export type PlacePrecision = (typeof PLACE_PRECISIONS)[number];

export const REGION_LEVELS = ['country', 'governorate', 'district', 'subdistrict', 'zone'] as const;
export type RegionLevel = (typeof REGION_LEVELS)[number];

export const CLAIM_TYPES = ['assertion', 'denial', 'exclusion'] as const;
export type ClaimType = (typeof CLAIM_TYPES)[number];

export const CLAIM_OUTCOMES = ['upheld', 'rejected'] as const;
export type ClaimOutcome = (typeof CLAIM_OUTCOMES)[number];

export const EPISODE_KINDS = ['offensive', 'siege'] as const;
export type EpisodeKind = (typeof EPISODE_KINDS)[number];

export const GUARANTORS = ['RU', 'TR', 'IR'] as const;
export type Guarantor = (typeof GUARANTORS)[number];

export const REPORT_FLAGS = ['located_by_nearest_centre', 'point_outside_region'] as const;
export type ReportFlag = (typeof REPORT_FLAGS)[number];

/** The alignment of an organisation whose side is unknown; every other alignment has a code of its own. */
export const UNKNOWN_ALIGNMENT = 'unknown';

/** A name in English and, if known, in Arabic. */
export type Name = { readonly en: string; readonly ar: string | null };

/** An RFC 3339 instant in UTC, ending in Z. */
export type Instant = string;

/** Whole seconds since 1970-01-01T00:00:00Z. The assessment computes in these (rules.md, section 4). */
export type Seconds = number;
