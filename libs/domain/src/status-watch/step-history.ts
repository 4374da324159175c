// A course: how something stood from instant to instant, the last run without an end. Runs are in order, neighbours differ.
import type { Seconds } from '../vocabulary.js';

export type Step<Value> = { readonly from: Seconds; readonly value: Value };
export type StepHistory<Value> = readonly Step<Value>[];

/** The run that holds at an instant; the first one also before it begins. */
export function runAt<Value>(course: StepHistory<Value>, at: Seconds): Step<Value> | undefined {
  return course.findLast(({ from }) => from <= at) ?? course[0];
}

/** Neighbours of one value become one run. */
export function joined<Value>(course: StepHistory<Value>): StepHistory<Value> {
  return course.filter(({ value }, index) => index === 0 || course[index - 1]?.value !== value);
}

/** What lies from `from` until `until`, its first run cut to begin there. */
export function cut<Value>(course: StepHistory<Value>, from: Seconds, until: Seconds): StepHistory<Value> {
  const first = runAt(course, from);
  if (!first || from >= until) return [];
  return [{ from, value: first.value }, ...course.filter((run) => run.from > from && run.from < until)];
}

/** The course with `part` in the place of what it said from the part's beginning until `until`. */
export function replaced<Value>(
  course: StepHistory<Value>,
  part: StepHistory<Value>,
  until: Seconds,
): StepHistory<Value> {
  const [start] = part;
  if (!start) return course;
  return joined([...course.filter(({ from }) => from < start.from), ...part, ...cut(course, until, Infinity)]);
}

/** Every instant behind `after`, up to `until`, at which one of the courses changes. */
export function changesWithin(
  after: Seconds,
  until: Seconds,
  ...courses: readonly StepHistory<unknown>[]
): readonly Seconds[] {
  const instants = courses.flatMap((course) => course.map(({ from }) => from));
  return [...new Set(instants)].filter((at) => at > after && at <= until).sort((one, other) => one - other);
}
