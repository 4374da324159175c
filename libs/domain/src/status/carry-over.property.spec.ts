// A timeline that continues from a carry-over state equals the rest of the timeline over all time.
import { describe, expect, it } from '@jest/globals';
import fc from '../../../../test/support/fast-check.js';
import { DAY } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import { assessmentAt, summaryAt, computeTimeline, type ComputedTimeline } from './assess.js';
import type { RegionFacts } from './facts.js';
import { assessmentCase, hours, instant } from './generated.fixture.js';
import { incidentView } from './incident-view.js';
import { changesUntil, carryOverAt } from './carry-over-at.js';
import { neededFrom } from './needed-facts.fixture.js';
import type { TimelineChanges, CarryOver } from './carry-over.js';
import { clipped } from './segments.js';
import { criticalInstants } from './reference-assessment.fixture.js';
import type { AssessmentCase } from './reference-counting.fixture.js';

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

/** Computed in parts: each part knows only the carry-over state of those before. */
function inParts(
  all: AssessmentCase,
  at: readonly Seconds[],
): { readonly last: ComputedTimeline; readonly changes: TimelineChanges } {
  const { framework, facts, question } = all;
  const { rules } = question.modalities;
  let facing = facts;
  let carryOver: CarryOver | null = null;
  const changes: TimelineChanges[] = [];
  for (const cut of at) {
    const computed: ComputedTimeline = computeTimeline(framework, begunBefore(facing, cut), question, {
      span: { carryOver },
    });
    changes.push(changesUntil(computed, cut));
    carryOver = JSON.parse(JSON.stringify(carryOverAt(computed, cut))) as CarryOver;
    facing = neededFrom(facts, rules, cut);
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

describe('a timeline that continues from a carry-over state', () => {
  it('is the rest of the timeline over all time', () => {
    fc.assert(
      fc.property(assessmentCase, cuts, (all, at) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        expect(last.segments).toEqual(clipped(whole.segments, { from: at.at(-1) ?? 0, to: Infinity }));
      }),
      RUNS,
    );
  });

  it('has the same changes in its parts as over all time', () => {
    fc.assert(
      fc.property(assessmentCase, cuts, (all, at) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        expect(inParts(all, at).changes).toEqual(changesUntil(whole, Infinity));
      }),
      RUNS,
    );
  });

  it('gives the same summaries at once, and the same explanations after 30 days', () => {
    fc.assert(
      fc.property(assessmentCase, cuts, (all, at) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        const from = at.at(-1) ?? 0;
        for (const second of [from, ...criticalInstants(all).filter((one) => one > from)]) {
          expect(summaryAt(last, second)).toEqual(summaryAt(whole, second));
          const later = second + 30 * DAY;
          expect(assessmentAt(last, later)).toEqual(assessmentAt(whole, later));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has the same summaries within a bounded span', () => {
    fc.assert(
      fc.property(assessmentCase, cuts, hours(400), (all, at, lasts) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        const from = at.at(-1) ?? 0;
        const to = from + lasts + 1;
        const [first] = changesUntil(
          computeTimeline(all.framework, all.facts, all.question, { span: { carryOver: carryOverAt(whole, to) } }),
          Infinity,
        ).status;
        const continuation = { at: to, change: first ? { at: first.from ?? to, status: first.status } : null };
        const computed = computeTimeline(all.framework, begunBefore(last.facts, to), all.question, {
          span: { ...last.span, continuation },
        });
        for (const second of [from, to - 1, ...criticalInstants(all)].filter((one) => one >= from && one < to))
          expect(summaryAt(computed, second)).toEqual(summaryAt(whole, second));
      }),
      RUNS,
    );
  });

  it('produces the same carry-over state whether or not it was computed in parts', () => {
    fc.assert(
      fc.property(assessmentCase, cuts, hours(400), (all, at, later) => {
        const whole = computeTimeline(all.framework, all.facts, all.question);
        const { last } = inParts(all, at);
        const end = (at.at(-1) ?? 0) + later + 1;
        expect(carryOverAt(last, end)).toEqual(carryOverAt(whole, end));
      }),
      RUNS,
    );
  });
});
