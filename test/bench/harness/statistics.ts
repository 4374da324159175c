// Statistics of measurements: medians, ranges, percentiles, and whether a goal is met.

/** The work of one contender in one slice. */
export type Sample = { readonly operations: number; readonly seconds: number; readonly cpuSeconds: number };

export type Spread = { readonly median: number; readonly min: number; readonly max: number };

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('spreadOf needs at least one value');
  return { median: percentile(values, 50), min: Math.min(...values), max: Math.max(...values) };
}

/** Linear interpolation between two values; `percent` 50 is the median. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const rank = ((sorted.length - 1) * percent) / 100;
  const [below, above] = [sorted[Math.floor(rank)] ?? NaN, sorted[Math.ceil(rank)] ?? NaN];
  return below + (above - below) * (rank - Math.floor(rank));
}

export function rate({ operations, seconds }: Sample): number {
  return operations / seconds;
}

export function cpuPerOperation({ operations, cpuSeconds }: Sample): number {
  return cpuSeconds / operations;
}

/** Ratios per round, so that a temporary slowdown of the machine affects both sides. */
export function ratios(
  candidate: readonly Sample[],
  reference: readonly Sample[],
  metric: (sample: Sample) => number,
): Spread {
  return spreadOf(
    candidate.map((sample, round) => {
      const other = reference[round];
      if (!other) throw new Error(`the reference has no round ${round}`);
      return metric(sample) / metric(other);
    }),
  );
}

export function isMet(value: number, goal: Goal): boolean {
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

export function goalText(goal: Goal): string {
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
}
