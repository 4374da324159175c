// Coverage: the share of a region that somebody able to report was watching (rules.md, rule 10).
import type { RegionMap } from '../region/region-map.js';
import { HOUR } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import type { ObservationFact, Rules } from './facts.js';

/** From `from` until just before `to`. */
export type Interval = { readonly from: Seconds; readonly to: Seconds };

/** During the interval, this much of the region's weight is vouched for. */
export type Vouched = Interval & { readonly weight: number };

export type Coverage = {
  /** The weight of all leaves: square metres, or 1 per leaf if any area is unknown. */
  readonly total: number;
  /** Per leaf; the intervals of one leaf do not touch. */
  readonly vouched: readonly Vouched[];
};

const SQUARE_METRES = 1_000_000;

export function coverageOf(
  regions: RegionMap,
  region: string,
  observations: readonly ObservationFact[],
  rules: Rules,
): Coverage {
  const leaves = regions.leaves(region);
  const known = leaves.every(({ areaKm2 }) => areaKm2 !== null && areaKm2 > 0);
  const weightOf = (areaKm2: number | null): number => (known ? Math.round((areaKm2 ?? 0) * SQUARE_METRES) : 1);
  const byRegion = groupedByRegion(observations);
  const vouchSeconds = rules.coverage.vouchHours * HOUR;
  return {
    total: leaves.reduce((sum, { areaKm2 }) => sum + weightOf(areaKm2), 0),
    vouched: leaves.flatMap(({ code, areaKm2 }) => {
      const bearing = regions.containing(code).flatMap((around) => byRegion.get(around) ?? []);
      return vouchedIntervals(bearing, vouchSeconds).map((interval) => ({ ...interval, weight: weightOf(areaKm2) }));
    }),
  };
}

/** The access denials that affect a region's coverage, listed until `vouchHours` after their end. */
export function denialsAt(
  regions: RegionMap,
  region: string,
  observations: readonly ObservationFact[],
  { rules, at }: { readonly rules: Rules; readonly at: Seconds },
): readonly ObservationFact[] {
  const bearing = new Set(regions.leaves(region).flatMap(({ code }) => regions.containing(code)));
  const vouchSeconds = rules.coverage.vouchHours * HOUR;
  return observations
    .filter(({ type, region: denied }) => type === 'access_denied' && bearing.has(denied))
    .filter(({ from, to }) => from <= at && at < to + vouchSeconds)
    .sort((one, other) => one.from - other.from || (one.report < other.report ? -1 : 1));
}

function groupedByRegion(observations: readonly ObservationFact[]): ReadonlyMap<string, readonly ObservationFact[]> {
  const groups = new Map<string, ObservationFact[]>();
  for (const observation of observations) {
    const group = groups.get(observation.region);
    if (group) group.push(observation);
    else groups.set(observation.region, [observation]);
  }
  return groups;
}

/** When one leaf is vouched for, given all observations of it and of the regions that contain it. */
function vouchedIntervals(bearing: readonly ObservationFact[], vouchSeconds: Seconds): readonly Interval[] {
  const nils = bearing.filter(({ type }) => type === 'nil');
  if (nils.length === 0) return [];
  const denials = bearing.filter(({ type }) => type === 'access_denied').sort((one, other) => one.from - other.from);
  const starts = denials.map(({ from }) => from);
  const vouching = nils.map(({ from, to }) => {
    // A denial that begins after the end of the observation ends the vouching permanently, not only while it lasts.
    const denied = starts[firstNotBefore(starts, to)] ?? Infinity;
    return { from, to: Math.min(to + vouchSeconds, denied) };
  });
  return without(mergedIntervals(vouching), mergedIntervals(denials));
}

/** The index of the first element that is not smaller; the length if there is none. */
function firstNotBefore(ascending: readonly Seconds[], at: Seconds): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The union of the intervals, in order, without overlaps or touching neighbours. */
export function mergedIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const result: { from: Seconds; to: Seconds }[] = [];
  for (const { from, to } of [...intervals].sort((one, other) => one.from - other.from)) {
    if (from >= to) continue;
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** The intervals minus the holes; both must be merged. */
function without(intervals: readonly Interval[], holes: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  let next = 0;
  for (const { from, to } of intervals) {
    let start = from;
    while ((holes[next]?.to ?? Infinity) <= from) next += 1;
    for (let index = next; index < holes.length; index += 1) {
      const hole = holes[index];
      if (!hole || hole.from >= to) break;
      if (hole.from > start) result.push({ from: start, to: hole.from });
      start = Math.max(start, hole.to);
    }
    if (start < to) result.push({ from: start, to });
  }
  return result;
}
