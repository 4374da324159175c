// Refuses reports about the future.
import type { Instant } from '#domain';
import { Problem, type FieldError } from '#platform';
import type { ReportBody } from './report.schema.js';

// Clocks in the field are off by minutes.
const CLOCK_SKEW_MAX_MINUTES = 10;

/** Throws Problem 400 where the report lies inFutureMessage of `now` by more than clocks go wrong. */
export function mustNotBeInFuture(body: ReportBody, now: Instant): void {
  const latest = Date.parse(now) + CLOCK_SKEW_MAX_MINUTES * 60_000;
  const errors = instantsOf(body)
    .filter(([, instant]) => instant !== null && Date.parse(instant) > latest)
    .map(([pointer]): FieldError => ({ pointer, code: 'in_future', detail: inFutureMessage(now) }));
  const [first] = errors;
  if (first) throw new Problem(400, 'malformed', `${first.pointer}: ${first.detail}`, { errors });
}

function instantsOf(body: ReportBody): readonly (readonly [pointer: string, instant: Instant | null])[] {
  const [member, { from, to }] =
    body.type === 'violation' ? (['occurred', body.occurred] as const) : (['observed', body.observed] as const);
  return [
    [`/${member}/from`, from],
    [`/${member}/to`, to],
  ];
}

function inFutureMessage(now: Instant): string {
  return `is more than ${CLOCK_SKEW_MAX_MINUTES} minutes in the future (the server's time is ${now}): check the clock and the offset`;
}
