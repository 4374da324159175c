// The fast assessment against the slow one, for facts that nobody thought of.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { secondsOf } from '../time.js';
import { MEANS, REPORT_KINDS, SEVERITIES, TIME_PRECISIONS, VERIFICATION_LEVELS } from '../vocabulary.js';
import { assess } from './assess.js';
import type { ClaimFact, Framework, Lens, Modalities, RegionFacts, ReportFact } from './facts.js';
import { ASTANA_1, FRAMEWORK, HONOURED, INSTRUMENT, REGIONS, STRICT } from './given.fixture.js';
import { readingAt } from './segments.js';
import { secondsThatMatter, slowDispute, slowly } from './slow-assessment.js';
import { counts, interval, level, living, severity, type Everything } from './slow-counting.js';
import { basisOf, timeline } from './timeline.js';

const HOUR = 3_600;
const GRID = 6 * HOUR;
const SPAN = 14 * 24 * HOUR;

// The clock of Damascus goes forward on 31 March 2017, in the middle of what is generated.
const START = secondsOf('2017-03-23T22:00:00Z');

// Mostly on a grid, so that instants meet; sometimes any second.
const instant = fc.oneof(
  { weight: 4, arbitrary: fc.nat(SPAN / GRID).map((steps) => START + steps * GRID) },
  { weight: 1, arbitrary: fc.nat(SPAN).map((seconds) => START + seconds) },
);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(arbitrary, { freq: 1 });
const valley = fc.constantFrom('SY0307', 'SY030702', 'SY030702', 'SY030703', 'wadi-barada');
const region = fc.oneof({ weight: 3, arbitrary: valley }, fc.constantFrom('SY', 'SY03', 'SY0901', 'SY090101'));
const actor = fc.constantFrom('saa', 'saa', 'fsa', 'isis', 'hts', 'jfs', 'ypg', 'civilians', 'unknown', 'nobody-knows');
const actors = fc.array(actor, { maxLength: 2 });
const outcome = fc.constantFrom('upheld' as const, 'rejected' as const, null, null);
const hours = (most: number): fc.Arbitrary<number> => fc.nat(most).map((count) => count * HOUR);

const report = fc
  .record({
    withdrawn: fc.constantFrom(false, false, false, true),
    from: instant,
    lasts: maybe(fc.oneof(fc.constantFrom(0, 48 * HOUR), hours(60), hours(300))),
    precision: fc.constantFrom(...TIME_PRECISIONS),
    region,
    kind: fc.constantFrom('territorial_gain' as const, 'air_strike' as const, ...REPORT_KINDS),
    severity: maybe(fc.constantFrom(...SEVERITIES)),
    means: fc.constantFrom(...MEANS),
    accused: actors,
    target: maybe(actor),
    monitor: fc.constantFrom('m1', 'm2', 'm3'),
    organisation: fc.constantFrom('sana', 'tass', 'shaam', 'orient', 'new-1', 'new-2'),
  })
  .map(({ lasts, ...rest }) => ({
    ...rest,
    to: lasts === null ? null : rest.from + lasts,
    regions: REGIONS.containing(rest.region),
    casualties: { killed: null, injured: null },
  }));

const claim = fc.record({
  by: actor,
  type: fc.constantFrom('assertion' as const, 'denial' as const, 'exclusion' as const, 'exclusion' as const),
  target: maybe(actor),
  outcome,
});

const incident = fc
  .record({
    reports: fc.array(report, { minLength: 1, maxLength: 3 }),
    verification: maybe(
      fc.record({ level: fc.constantFrom(...VERIFICATION_LEVELS), severity: maybe(fc.constantFrom(...SEVERITIES)) }),
    ),
    claims: fc.array(claim, { maxLength: 1 }),
    mergedInto: fc.constantFrom(null, null, null, null, null, 'another'),
  })
  .map((fact) => ({ ...fact, attribution: null }));

const observation = fc
  .record({
    type: fc.constantFrom('nil' as const, 'nil' as const, 'access_denied' as const),
    region,
    from: instant,
    lasts: fc.oneof(fc.constantFrom(0, GRID), hours(10), hours(400)),
    deniedBy: fc.constant(null),
  })
  .map(({ lasts, ...rest }) => ({ ...rest, to: rest.from + lasts }));

const episode = fc
  .record({
    kind: fc.constantFrom('offensive' as const, 'siege' as const),
    region,
    from: instant,
    lasts: maybe(hours(200)),
    accused: actors,
    exclusionClaim: maybe(fc.record({ by: actor, target: maybe(actor), outcome })),
  })
  .map(({ lasts, ...rest }) => ({ ...rest, name: 'siege', to: lasts === null ? null : rest.from + lasts }));

const redLine = fc.record({
  declaredBy: fc.constantFrom('saa', 'fsa', 'TR'),
  region,
  condition: fc.record({
    kind: fc.constantFrom('territorial_gain' as const, 'air_strike' as const),
    by: maybe(actors),
  }),
  text: fc.constant('the springs'),
  withdrawnAt: maybe(instant),
});

const facts: fc.Arbitrary<RegionFacts> = fc
  .record({
    incidents: fc.array(incident, { maxLength: 8 }),
    observations: fc.array(observation, { maxLength: 8 }),
    episodes: fc.array(episode, { maxLength: 1 }),
    redLines: fc.array(redLine, { maxLength: 2 }),
  })
  .map(({ incidents, observations, episodes, redLines }) => ({
    incidents: incidents.map((fact, index) => ({
      ...fact,
      incident: `incident-${index}`,
      reports: fact.reports.map((told, place): ReportFact => ({ ...told, report: `report-${index}-${place}` })),
      claims: fact.claims.map((made, place): ClaimFact => ({ ...made, claim: place + 1 })),
    })),
    observations: observations.map((fact, index) => ({ ...fact, report: `observation-${index}` })),
    episodes: episodes.map((fact, index) => ({ ...fact, episode: `episode-${index}` })),
    redLines: redLines.map((fact, index) => ({ ...fact, redLine: `line-${index}` })),
  }));

// HTS is excluded from the middle of the month on; a local truce may hold in the valley, with another reading.
const framework: fc.Arbitrary<Framework> = fc
  .record({ from: fc.oneof(fc.constant(INSTRUMENT.from), instant), to: maybe(instant), truce: maybe(instant) })
  .map(({ from, to, truce }) => {
    const excluded = [
      { actor: 'isis', from: null },
      { actor: 'jfs', from: null },
      { actor: 'hts', from: '2017-03-28T22:00:00Z' },
    ];
    const whole = { ...INSTRUMENT, from, to, readings: [{ code: 'un-text', excluded }] };
    const local = (start: number): typeof whole => ({ ...whole, code: 'truce', from: start, to: null, readings: [] });
    return {
      ...FRAMEWORK,
      instruments: truce === null ? [whole] : [whole, { ...local(truce), regions: ['wadi-barada'] }],
    };
  });

const lens = fc.constantFrom<Lens>(STRICT, STRICT, HONOURED, { ...STRICT, code: 'TR', positionsOf: 'TR' });

const modalities: fc.Arbitrary<Modalities> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(ASTANA_1) },
  fc
    .record({
      strained: fc.integer({ min: 1, max: 3 }),
      quietHours: fc.integer({ min: 1, max: 100 }),
      share: fc.nat(10),
    })
    .map(({ strained, quietHours, share }) => ({
      ...ASTANA_1,
      rules: {
        ...ASTANA_1.rules,
        unverifiedCap: 3,
        window: [
          { hours: 24, factor: 1 },
          { hours: 60, factor: 0.75 },
          { hours: 100, factor: 0.125 },
        ],
        thresholds: { strained, violated: 2 * strained, breakdown_indicated: 5 * strained },
        stepDown: { hours: quietHours, below: 0.5 },
        coverage: { share: share / 10, vouchHours: 5 },
      },
    })),
);

const everything: fc.Arbitrary<Everything> = fc.record({ framework, facts, region, lens, modalities }).map((given) => ({
  framework: given.framework,
  facts: given.facts,
  question: { region: given.region, lens: given.lens, modalities: given.modalities },
}));

const RUNS = { numRuns: 100 };
const ALWAYS = { from: -Infinity, to: Infinity };

describe('the assessment of generated facts', () => {
  it('agrees with the slow one at every second that matters and at the one before', () => {
    fc.assert(
      fc.property(everything, (all) => {
        const slow = slowly(all);
        const segments = timeline(all.framework, all.facts, { ...all.question, ...ALWAYS });
        for (const at of secondsThatMatter(all).flatMap((second) => [second - 1, second])) {
          const { status, intensity, coverage } = slow(at);
          expect({ at, ...readingAt(segments, at)?.segment }).toMatchObject({ at, status, intensity, coverage });
        }
      }),
      RUNS,
    );
  });

  it('agrees with the slow one on which incident counts', () => {
    const outside = ['withdrawn', 'out_of_scope', 'exclusion_claim'];
    fc.assert(
      fc.property(everything, (all) => {
        const found = basisOf(all.framework, all.facts, all.question).incidents;
        const counting = found.filter(({ uncounted }) => !outside.includes(uncounted ?? ''));
        const slow = living(all).filter((fact) => counts(all, fact));
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
      fc.property(everything, instant, (all, at) => {
        const found = assess(all.framework, all.facts, { ...all.question, at });
        const { intensity } = slowly(all)(at);
        const thousandths = found.counted.map(({ contribution }) => Math.round(contribution * 1000));
        expect(found.dispute).toBe(slowDispute(all, at));
        expect(thousandths.reduce((sum, part) => sum + part, 0)).toBe(Math.round(intensity * 1000));
        const listed = [...found.counted, ...found.notCounted].map((one) => one.incident);
        expect(new Set(listed).size).toBe(listed.length);
      }),
      RUNS,
    );
  });

  it('knows when it will next change', () => {
    fc.assert(
      fc.property(everything, instant, (all, at) => {
        const now = assess(all.framework, all.facts, { ...all.question, at });
        const slow = slowly(all);
        const changes = now.nextChange?.at ?? Infinity;
        const statuses = secondsThatMatter(all)
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

  it('shows at the next change what was foretold, and until then what it was', () => {
    fc.assert(
      fc.property(everything, instant, (all, at) => {
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

  it('does not care in what order the facts came', () => {
    fc.assert(
      fc.property(everything, instant, fc.array(fc.nat(), { minLength: 9, maxLength: 9 }), (all, at, keys) => {
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
      fc.property(everything, instant, hours(1000), (all, from, length) => {
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
