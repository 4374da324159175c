// Compares the assessment with the reference implementation, for generated facts.
import { describe, expect, it } from '@jest/globals';
import fc from '../../../../test/support/fast-check.js';
import { assess, computeTimeline } from './assess.js';
import { assessmentCase, hours, instant, lens } from './generated.fixture.js';
import { findSegment } from './segments.js';
import { criticalInstants, referenceDispute, referenceAssessment } from './reference-assessment.fixture.js';
import { counts, interval, level, relevantIncidents, severity } from './reference-counting.fixture.js';
import { basisOf, timeline } from './timeline.js';

const RUNS = { numRuns: 100 };
const ALWAYS = { from: -Infinity, to: Infinity };

describe('the assessment of generated facts', () => {
  it('agrees with the reference at every instant of change and at the second before', () => {
    fc.assert(
      fc.property(assessmentCase, (all) => {
        const slow = referenceAssessment(all);
        const segments = timeline(all.framework, all.facts, { ...all.question, ...ALWAYS });
        for (const at of criticalInstants(all).flatMap((second) => [second - 1, second])) {
          const { status, intensity, coverage } = slow(at);
          expect({ at, ...findSegment(segments, at)?.segment }).toMatchObject({ at, status, intensity, coverage });
        }
      }),
      RUNS,
    );
  });

  it('agrees with the reference on which incidents count', () => {
    const outside = ['withdrawn', 'out_of_scope', 'exclusion_claim'];
    fc.assert(
      fc.property(assessmentCase, (all) => {
        const found = basisOf(all.framework, all.facts, all.question).incidents;
        const counting = found.filter(({ uncounted }) => !outside.includes(uncounted ?? ''));
        const slow = relevantIncidents(all).filter((fact) => counts(all, fact));
        expect(
          counting.map(({ view }) => [view.incident, view.from, view.to, view.level, view.severity]).sort(),
        ).toEqual(
          slow
            .map((fact) => [fact.incident, ...Object.values(interval(fact)), level(fact, all), severity(fact)])
            .sort(),
        );
      }),
      { numRuns: 800 },
    );
  });

  it('explains its figures', () => {
    fc.assert(
      fc.property(assessmentCase, instant, (all, at) => {
        const found = assess(all.framework, all.facts, { ...all.question, at });
        const { intensity } = referenceAssessment(all)(at);
        const thousandths = found.counted.map(({ contribution }) => Math.round(contribution * 1000));
        expect(found.dispute).toBe(referenceDispute(all, at));
        expect(thousandths.reduce((sum, part) => sum + part, 0)).toBe(Math.round(intensity * 1000));
        const listed = [...found.counted, ...found.notCounted].map((one) => one.incident);
        expect(new Set(listed).size).toBe(listed.length);
      }),
      RUNS,
    );
  });

  it('is the same with and without reusing the timeline of another lens', () => {
    fc.assert(
      fc.property(assessmentCase, lens, ({ framework, facts, question }, other) => {
        const like = computeTimeline(framework, facts, { ...question, lens: other });
        const { segments } = computeTimeline(framework, facts, question, { like });
        expect(segments).toEqual(computeTimeline(framework, facts, question).segments);
      }),
      { numRuns: 400 },
    );
  });

  it('predicts its next change', () => {
    fc.assert(
      fc.property(assessmentCase, instant, (all, at) => {
        const now = assess(all.framework, all.facts, { ...all.question, at });
        const slow = referenceAssessment(all);
        const changes = now.nextChange?.at ?? Infinity;
        const statuses = criticalInstants(all)
          .filter((second) => second > at && second < changes)
          .map((second) => slow(second).status);
        expect(new Set([now.status, ...statuses]).size).toBe(1);
        const then = now.nextChange && slow(changes).status;
        expect(then).toBe(now.nextChange?.status ?? null);
        expect(then).not.toBe(now.status);
      }),
      RUNS,
    );
  });

  it('shows the predicted status at the next change, and the old one until then', () => {
    fc.assert(
      fc.property(assessmentCase, instant, (all, at) => {
        const question = { ...all.question, at };
        const now = assess(all.framework, all.facts, question);
        const { nextChange } = now;
        fc.pre(nextChange !== null);
        const before = assess(all.framework, all.facts, { ...question, at: nextChange.at - 1 });
        const then = assess(all.framework, all.facts, { ...question, at: nextChange.at });
        expect(before).toMatchObject({ status: now.status, since: now.since, nextChange });
        expect(then).toMatchObject({ status: nextChange.status, since: nextChange.at });
      }),
      RUNS,
    );
  });

  it('does not depend on the order of the facts', () => {
    fc.assert(
      fc.property(assessmentCase, instant, fc.array(fc.nat(), { minLength: 9, maxLength: 9 }), (all, at, keys) => {
        const mixed = { ...all.framework, instruments: shuffled(all.framework.instruments, keys) };
        const other = {
          incidents: shuffled(all.facts.incidents, keys).map((one) => ({
            ...one,
            reports: shuffled(one.reports, keys),
          })),
          observations: shuffled(all.facts.observations, keys),
          episodes: shuffled(all.facts.episodes, keys),
          redLines: shuffled(all.facts.redLines, keys),
        };
        const question = { ...all.question, ...ALWAYS, at };
        expect(timeline(mixed, other, question)).toEqual(timeline(all.framework, all.facts, question));
        expect(assess(mixed, other, question)).toEqual(assess(all.framework, all.facts, question));
      }),
      RUNS,
    );
  });

  it('tiles the span that was asked for, and no two neighbours are alike', () => {
    fc.assert(
      fc.property(assessmentCase, instant, hours(1000), (all, from, length) => {
        const to = from + length;
        const segments = timeline(all.framework, all.facts, { ...all.question, from, to });
        const bounds = segments.flatMap((segment) => [segment.from, segment.to]);
        const inner = segments.slice(1).flatMap((segment) => [segment.from, segment.from]);
        expect(bounds).toEqual(length === 0 ? [] : [from, ...inner, to]);
        for (const [index, { from: start, to: end, ...figures }] of segments.entries()) {
          expect(start).toBeLessThan(end);
          expect({ ...segments[index - 1] }).not.toMatchObject(figures);
        }
      }),
      RUNS,
    );
  });
});

function shuffled<Item>(items: readonly Item[], keys: readonly number[]): readonly Item[] {
  return items
    .map((item, index) => ({ item, key: keys[index] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}
