// A step function of time: each step holds until the next one begins, the last without an end. Neighbours differ.
import type { Seconds } from '../vocabulary.js';

export type Step<Value> = { readonly from: Seconds; readonly value: Value };
export type StepHistory<Value> = readonly Step<Value>[];

/** The step that holds at an instant; before the first step begins, the first one. */
export function stepAt<Value>(course: StepHistory<Value>, at: Seconds): Step<Value> | undefined {
  return course.findLast(({ from }) => from <= at) ?? course[0];
}

/** Merges neighbours of equal value. */
export function mergedSteps<Value>(course: StepHistory<Value>): StepHistory<Value> {
  return course.filter(({ value }, index) => index === 0 || course[index - 1]?.value !== value);
}

/** The steps of [from, until); the first one begins at `from`. */
export function sliced<Value>(course: StepHistory<Value>, from: Seconds, until: Seconds): StepHistory<Value> {
  const first = stepAt(course, from);
  if (!first || from >= until) return [];
  return [{ from, value: first.value }, ...course.filter((run) => run.from > from && run.from < until)];
}

/** The history with `part` in place of what it had from the beginning of the part until `until`. */
export function replaced<Value>(
  course: StepHistory<Value>,
  part: StepHistory<Value>,
  until: Seconds,
): StepHistory<Value> {
  const [start] = part;
  if (!start) return course;
  return mergedSteps([...course.filter(({ from }) => from < start.from), ...part, ...sliced(course, until, Infinity)]);
}

/** Every instant later than `after`, up to and including `until`, at which one of the histories changes. */
export function changesWithin(
  after: Seconds,
  until: Seconds,
  ...courses: readonly StepHistory<unknown>[]
): readonly Seconds[] {
  const instants = courses.flatMap((course) => course.map(({ from }) => from));
  return [...new Set(instants)].filter((at) => at > after && at <= until).sort((one, other) => one - other);
}
