// A timeline as its readers use it: intervals in order, each with status, points and coverage.
import type { Seconds, Status } from '../vocabulary.js';
import type { Interval } from './coverage.js';

/** Nothing of this changes from `from` until just before `to`. */
export type Segment = Interval & {
  readonly status: Status;
  /** Points, with at most three decimals. */
  readonly intensity: number;
  /** Share of the region, 0..1, with at most three decimals. */
  readonly coverage: number;
};

/** An interval of one status. */
export type StatusRun = Interval & { readonly status: Status };

/** An interval of one coverage. */
export type CoverageRun = Interval & { readonly coverage: number };

/** An instant from which coverage is, or is no longer, sufficient; `share` is the coverage then. `from` null: always. */
export type CoverageCrossing = { readonly from: Seconds | null; readonly enough: boolean; readonly share: number };

export type NextChange = { readonly at: Seconds; readonly status: Status };

export type SegmentLookup = {
  readonly segment: Segment;
  /** Since when the status has been the same; the first segment's start, which may be -Infinity: always. */
  readonly since: Seconds;
  /** The next change of status if nothing more is reported; null: none within the segments. */
  readonly nextChange: NextChange | null;
};

/** Undefined outside the segments. Takes logarithmic time plus the length of the run. */
export function findSegment(segments: readonly Segment[], at: Seconds): SegmentLookup | undefined {
  const index = indexAt(segments, at);
  const segment = segments[index];
  if (!segment) return undefined;
  const isLike = (other: Segment | undefined): boolean => other?.status === segment.status;
  let [first, next] = [index, index + 1];
  while (isLike(segments[first - 1])) first -= 1;
  while (isLike(segments[next])) next += 1;
  const change = segments[next];
  return {
    segment,
    since: segments[first]?.from ?? segment.from,
    nextChange: change ? { at: change.from, status: change.status } : null,
  };
}

export function statusAt(segments: readonly Segment[], at: Seconds): Status | undefined {
  return segments[indexAt(segments, at)]?.status;
}

/** -1 outside the segments. */
function indexAt(segments: readonly Segment[], at: Seconds): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.to ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  const found = segments[low];
  return found && found.from <= at ? low : -1;
}

export function statusRuns(segments: readonly Segment[]): readonly StatusRun[] {
  const runs = segments.map(({ from, to, status }) => ({ from, to, status }));
  return mergedBy(runs, (one, other) => one.status === other.status);
}

export function coverageRuns(segments: readonly Segment[]): readonly CoverageRun[] {
  const runs = segments.map(({ from, to, coverage }) => ({ from, to, coverage }));
  return mergedBy(runs, (one, other) => one.coverage === other.coverage);
}

/** The first segment, and each one where coverage crosses `share`. */
export function coverageCrossings(segments: readonly Segment[], share: number): readonly CoverageCrossing[] {
  const crossings = segments.map(({ from, coverage }) => ({
    from: from === -Infinity ? null : from,
    enough: coverage >= share,
    share: coverage,
  }));
  return crossings.filter(({ enough }, index) => crossings[index - 1]?.enough !== enough);
}

/** Merges neighbours that are alike. */
export function mergedSegments(segments: readonly Segment[]): readonly Segment[] {
  return mergedBy(
    segments,
    (one, other) => one.status === other.status && one.intensity === other.intensity && one.coverage === other.coverage,
  );
}

function mergedBy<Item extends Interval>(
  items: readonly Item[],
  isAlike: (one: Item, other: Item) => boolean,
): readonly Item[] {
  const result: Item[] = [];
  for (const item of items) {
    const last = result.at(-1);
    if (last && isAlike(last, item)) result[result.length - 1] = { ...last, to: item.to };
    else result.push(item);
  }
  return result;
}

/** The segments clipped to [from, to). */
export function clipped<Item extends Interval>(segments: readonly Item[], { from, to }: Interval): readonly Item[] {
  if (from >= to) return [];
  return segments
    .filter((segment) => segment.from < to && segment.to > from)
    .map((segment) => {
      if (segment.from >= from && segment.to <= to) return segment;
      return { ...segment, from: Math.max(segment.from, from), to: Math.min(segment.to, to) };
    });
}
