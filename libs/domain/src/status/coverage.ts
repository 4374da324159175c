// How much of a region somebody able to report was watching (DOMAIN, section 4, rule 10).
import type { RegionMap } from '../region/region-map.js';
import { HOUR } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import type { ObservationFact, Rules } from './facts.js';

/** From `from` until just before `to`. */
export type Interval = { readonly from: Seconds; readonly to: Seconds };

/** While the interval lasts, this much of the region's weight is vouched for. */
export type Vouched = Interval & { readonly weight: number };

export type Coverage = {
  /** The weight of all leaves: square metres, or one for each leaf where an area is unknown. */
  readonly total: number;
  /** Leaf by leaf; the intervals of one leaf do not touch each other. */
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

/** The denials that take away from a region's coverage, while they last and for as long as a nil report would vouch. */
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

/** When one leaf is vouched for, by all observations that bear on it. */
function vouchedIntervals(bearing: readonly ObservationFact[], vouchSeconds: Seconds): readonly Interval[] {
  const nils = bearing.filter(({ type }) => type === 'nil');
  if (nils.length === 0) return [];
  const denials = bearing.filter(({ type }) => type === 'access_denied').sort((one, other) => one.from - other.from);
  const starts = denials.map(({ from }) => from);
  const vouching = nils.map(({ from, to }) => {
    // A denial that begins when the looking is over ends the vouching for good, not only while it lasts.
    const denied = starts[firstNotBefore(starts, to)] ?? Infinity;
    return { from, to: Math.min(to + vouchSeconds, denied) };
  });
  return without(joined(vouching), joined(denials));
}

/** The index of the first element that is not smaller; the length where all are. */
function firstNotBefore(ascending: readonly Seconds[], at: Seconds): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same instants in intervals that neither overlap nor touch, in order. */
export function joined(intervals: readonly Interval[]): readonly Interval[] {
  const result: { from: Seconds; to: Seconds }[] = [];
  for (const { from, to } of [...intervals].sort((one, other) => one.from - other.from)) {
    if (from >= to) continue;
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** What is left of some joined intervals when others are taken away. */
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
