// A course that goes on from a past is the rest of the course over all time.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import { assessmentAt, summaryAt, computeTimeline, type ComputedTimeline } from './assess.js';
import type { RegionFacts } from './facts.js';
import { everything, hours, instant } from './generated.fixture.js';
import { incidentView } from './incident-view.js';
import { changesUntil, carryOverAt } from './carry-over-at.js';
import { bearingOn } from './needed-facts.fixture.js';
import type { TimelineChanges, CarryOver } from './carry-over.js';
import { clipped } from './segments.js';
import { secondsThatMatter } from './reference-assessment.fixture.js';
import type { Everything } from './reference-counting.fixture.js';

const RUNS = { numRuns: 400 };
const cuts = fc
  .array(fc.tuple(instant, hours(600)), { minLength: 1, maxLength: 4 })
  .map((some) => [...new Set(some.map(([at, later]) => at + later))].sort((one, other) => one - other));

function begunBefore({ incidents, observations, ...facts }: RegionFacts, at: Seconds): RegionFacts {
  return {
    ...facts,
    incidents: incidents.filter((one) => (incidentView(one, new Map())?.from ?? Infinity) < at),
    observations: observations.filter(({ from }) => from < at),
  };
}

/** Worked out in parts, each knowing of those before nothing but the past that they left. */
function inParts(
  all: Everything,
  at: readonly Seconds[],
): { readonly last: ComputedTimeline; readonly changes: TimelineChanges } {
  const { framework, facts, question } = all;
  const { rules } = question.modalities;
  let facing = facts;
  let carryOver: CarryOver | null = null;
  const changes: TimelineChanges[] = [];
  for (const cut of at) {
    const worked: ComputedTimeline = computeTimeline(framework, begunBefore(facing, cut), question, {
      span: { carryOver },
    });
    changes.push(changesUntil(worked, cut));
    carryOver = JSON.parse(JSON.stringify(carryOverAt(worked, cut))) as CarryOver;
    facing = bearingOn(facts, rules, cut);
  }
  const last: ComputedTimeline = computeTimeline(framework, facing, question, { span: { carryOver } });
  changes.push(changesUntil(last, Infinity));
  return {
    last,
    changes: {
      status: changes.flatMap(({ status }) => status),
      watched: changes.flatMap(({ watched }) => watched),
    },
  };
}

describe('a course that goes on from a past', () => {
  it('is the rest of the course over all time', () => {
    fc.assert(
      fc.property(everything, cuts, (all, at) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        expect(last.segments).toEqual(clipped(whole.segments, { from: at.at(-1) ?? 0, to: Infinity }));
      }),
      RUNS,
    );
  });

  it('changed in its parts as it did over all time', () => {
    fc.assert(
      fc.property(everything, cuts, (all, at) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        expect(inParts(all, at).changes).toEqual(changesUntil(whole, Infinity));
      }),
      RUNS,
    );
  });

  it('explains itself as the whole course does, at once but for what no longer counts, and for that after 30 days', () => {
    fc.assert(
      fc.property(everything, cuts, (all, at) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        const from = at.at(-1) ?? 0;
        for (const second of [from, ...secondsThatMatter(all).filter((one) => one > from)]) {
          expect(summaryAt(last, second)).toEqual(summaryAt(whole, second));
          const later = second + 30 * DAY;
          expect(assessmentAt(last, later)).toEqual(assessmentAt(whole, later));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('knows within a span how it stands and when that changes', () => {
    fc.assert(
      fc.property(everything, cuts, hours(400), (all, at, lasts) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        const from = at.at(-1) ?? 0;
        const to = from + lasts + 1;
        const [first] = changesUntil(
          computeTimeline(all.framework, all.facts, all.question, { span: { carryOver: carryOverAt(whole, to) } }),
          Infinity,
        ).status;
        const continuation = { at: to, change: first ? { at: first.from ?? to, status: first.status } : null };
        const worked = computeTimeline(all.framework, begunBefore(last.facts, to), all.question, {
          span: { ...last.span, continuation },
        });
        for (const second of [from, to - 1, ...secondsThatMatter(all)].filter((one) => one >= from && one < to))
          expect(summaryAt(worked, second)).toEqual(summaryAt(whole, second));
      }),
      RUNS,
    );
  });

  it('leaves the same past whether or not it was itself worked out in parts', () => {
    fc.assert(
      fc.property(everything, cuts, hours(400), (all, at, later) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        const end = (at.at(-1) ?? 0) + later + 1;
        expect(carryOverAt(last, end)).toEqual(carryOverAt(whole, end));
      }),
      RUNS,
    );
  });
});
