// The status of all regions, each with the worst region inside it.
import {
  STATUS_SCALE,
  summaryAt,
  type Region,
  type RegionLevel,
  type RegionMap,
  type AssessmentSummary,
} from '#domain';
import type { View } from '../reads/as-of.js';
import type { Assessments } from './assessments.js';

export type Worst = { readonly region: Region; readonly standing: AssessmentSummary };

/** The status summary of every region at the reader's instant. */
export function standings(assessments: Assessments, view: View): ReadonlyMap<string, AssessmentSummary> {
  const { book, register, lens, modalities, at } = view;
  return new Map(
    register.regions.all.map(({ code }) => [code, summaryAt(assessments.of(book, code, lens, modalities), at)]),
  );
}

// Larger regions first. A zone is defined because of events there, so it comes before the districts that it overlaps.
const LEVEL_ORDER: Readonly<Record<RegionLevel, number>> = {
  country: 0,
  governorate: 1,
  zone: 2,
  district: 3,
  subdistrict: 4,
};

/** The worst region strictly inside, among those that are worse than holding; null: none. */
export function worstInside(map: RegionMap, code: string, all: ReadonlyMap<string, AssessmentSummary>): Worst | null {
  let worst: Worst | null = null;
  for (const inner of map.inside(code)) {
    const region = map.get(inner);
    const standing = all.get(inner);
    if (inner === code || !region || !standing || rank(standing) < 1) continue;
    if (!worst || isWorse({ region, standing }, worst)) worst = { region, standing };
  }
  return worst;
}

/** The index on the status scale: 0 is holding; negative: not on the scale. */
function rank({ status }: AssessmentSummary): number {
  return STATUS_SCALE.findIndex((one) => one === status);
}

function isWorse(one: Worst, other: Worst): boolean {
  const order =
    rank(one.standing) - rank(other.standing) ||
    LEVEL_ORDER[other.region.level] - LEVEL_ORDER[one.region.level] ||
    one.standing.intensity - other.standing.intensity;
  return order > 0 || (order === 0 && one.region.code < other.region.code);
}
