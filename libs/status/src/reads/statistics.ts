// Counts incidents by any dimensions. An incident counts in every row that it belongs to, and once in the total.
import { damascusDay, SEVERITIES, type IncidentView, type Range, type RegionLevel, type RegionMap } from '#domain';
import { z } from 'zod';
import type { Observation } from '../facts/fold-observation.js';

export const DIMENSIONS = ['region', 'day', 'kind', 'accused', 'verification', 'severity'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const count = z.number().int();
const dimensionValue = z.string().nullable().optional();
const figures = z.object({
  incidents: count,
  reports: count,
  accessDenials: count,
  killedMin: count,
  killedMax: count,
  injuredMin: count,
  injuredMax: count,
});
export const statisticsRow = z.object({
  region: dimensionValue.meta({ description: 'null: the place is known less precisely' }),
  day: dimensionValue.meta({ description: 'in Asia/Damascus, of the start' }),
  kind: dimensionValue,
  accused: dimensionValue,
  verification: dimensionValue,
  severity: dimensionValue,
  ...figures.shape,
});
export type Figures = z.output<typeof figures>;
export type StatisticsRow = z.output<typeof statisticsRow>;

export type Counting = {
  readonly by: readonly Dimension[];
  readonly map: RegionMap;
  readonly level: RegionLevel;
  /** Only these regions; null: all of the level. */
  readonly within: ReadonlySet<string> | null;
};

const UNKNOWN_ACTOR = 'unknown';

/** Counts incrementally, so that only the counts are in memory. */
export class Statistics {
  readonly #rows = new Map<string, { sides: readonly (string | null)[]; figures: Mutable<Figures> }>();
  readonly #total = nothing();

  constructor(private readonly counting: Counting) {}

  incident(view: IncidentView): void {
    this.#count(combined(this.counting.by.map((by) => valuesOf(view, by, this.counting))), figuresOf(view));
  }

  denial(denial: Observation): void {
    const sides = this.counting.by.map((by) => valuesOfDenial(denial, by, this.counting));
    this.#count(combined(sides), { ...nothing(), accessDenials: 1 });
  }

  get result(): { readonly rows: readonly StatisticsRow[]; readonly total: Figures } {
    const inOrder = [...this.#rows.values()].sort((one, other) => compared(one.sides, other.sides));
    return {
      rows: inOrder.map(({ sides, figures: all }) => ({
        ...Object.fromEntries(this.counting.by.map((by, index) => [by, sides[index] ?? null])),
        ...all,
      })),
      total: this.#total,
    };
  }

  #count(combinations: readonly (readonly (string | null)[])[], add: Figures): void {
    sum(this.#total, add);
    for (const sides of combinations) {
      const key = JSON.stringify(sides);
      const row = this.#rows.get(key) ?? { sides, figures: nothing() };
      this.#rows.set(key, row);
      sum(row.figures, add);
    }
  }
}

/** The values of an incident in one dimension; null: none, but it is counted all the same. */
function valuesOf(view: IncidentView, by: Dimension, counting: Counting): readonly (string | null)[] {
  switch (by) {
    case 'region':
      return regionsOf(view.regions, counting);
    case 'day':
      return [damascusDay(view.from)];
    case 'kind':
      return [view.kind];
    case 'accused':
      return view.accused.length === 0 ? [UNKNOWN_ACTOR] : view.accused;
    case 'verification':
      return [view.level];
    case 'severity':
      return [view.severity];
  }
}

function valuesOfDenial(denial: Observation, by: Dimension, counting: Counting): readonly (string | null)[] {
  switch (by) {
    case 'region':
      return regionsOf(denial.regions, counting);
    case 'day':
      return [damascusDay(denial.from)];
    case 'kind':
    case 'accused':
    case 'verification':
    case 'severity':
      return [null]; // A denial has no kind, and denying access accuses nobody of an act.
  }
}

function regionsOf(regions: readonly string[], { map, level, within }: Counting): readonly (string | null)[] {
  const ofLevel = regions.filter((code) => map.get(code)?.level === level && (within === null || within.has(code)));
  return ofLevel.length === 0 ? [null] : ofLevel;
}

function combined(sides: readonly (readonly (string | null)[])[]): readonly (readonly (string | null)[])[] {
  return sides.reduce<readonly (readonly (string | null)[])[]>(
    (all, values) => all.flatMap((before) => values.map((value) => [...before, value])),
    [[]],
  );
}

function figuresOf({ reports, casualties: { killed, injured } }: IncidentView): Figures {
  return {
    incidents: 1,
    reports,
    accessDenials: 0,
    ...bounds('killed', killed),
    ...bounds('injured', injured),
  };
}

function bounds<Name extends 'killed' | 'injured'>(
  name: Name,
  range: Range | null,
): Record<`${Name}Min` | `${Name}Max`, number> {
  return { [`${name}Min`]: range?.min ?? 0, [`${name}Max`]: range?.max ?? 0 } as Record<
    `${Name}Min` | `${Name}Max`,
    number
  >;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function nothing(): Mutable<Figures> {
  return { incidents: 0, reports: 0, accessDenials: 0, killedMin: 0, killedMax: 0, injuredMin: 0, injuredMax: 0 };
}

function sum(into: Mutable<Figures>, add: Figures): void {
  for (const key of Object.keys(into) as (keyof Figures)[]) into[key] += add[key];
}

/** Dimension by dimension, as text; severities by weight; null last. */
function compared(one: readonly (string | null)[], other: readonly (string | null)[]): number {
  for (const [index, value] of one.entries()) {
    const order = comparedValues(value, other[index] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function comparedValues(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  const [first, second] = [one, other].map((side) => SEVERITIES.findIndex((severity) => severity === side));
  if (first !== undefined && second !== undefined && first >= 0 && second >= 0) return first - second;
  return one < other ? -1 : 1;
}
