// A row of the results: goals, checks and measurements.
import { cpuPerOperation, goalText, isMet, rate, spreadOf, type Goal, type Sample, type Spread } from './statistics.js';

export type Check = { readonly what: string; readonly unit: string; readonly spread: Spread; readonly goal: Goal };

/** The result of one contender, for information only: goals apply to checks. */
export type Measurement = { readonly name: string; readonly ratePerSecond: Spread; readonly cpuMicroseconds: Spread };

export type Row = {
  readonly id: string;
  readonly what: string;
  /** The value of the first check is the value of the row. The row is met if all checks are. */
  readonly checks: readonly [Check, ...Check[]];
  readonly measurements: readonly Measurement[];
  readonly notes?: readonly string[];
};

export function check(what: string, spread: Spread, goal: Goal, unit = 'x'): Check {
  return { what, unit, spread, goal };
}

export function measurementOf(name: string, samples: readonly Sample[]): Measurement {
  return {
    name,
    ratePerSecond: spreadOf(samples.map(rate)),
    cpuMicroseconds: spreadOf(samples.map((sample) => cpuPerOperation(sample) * 1e6)),
  };
}

export function once(value: number): Spread {
  return { median: value, min: value, max: value };
}

/** The JSON of a row in the file of `--out`. */
export function toReport({ id, what, checks, measurements, notes }: Row): object {
  const [first] = checks;
  return {
    id,
    what,
    value: first.spread.median,
    unit: first.unit,
    goal: checks.map(({ what: name, goal }) => `${name} ${goalText(goal)}`).join(', '),
    met: checks.every(isCheckMet),
    checks: checks.map((one) => ({ ...one, goal: goalText(one.goal), met: isCheckMet(one) })),
    measurements,
    notes: notes ?? [],
  };
}

export function isCheckMet({ spread: { median }, goal }: Check): boolean {
  return isMet(median, goal);
}
