// Arbitraries for the property suites: regions, registers, rules and the facts about them.
import fc from '../../../../test/support/fast-check.js';
import { secondsOf } from '../time.js';
import { MEANS, REPORT_KINDS, SEVERITIES, TIME_PRECISIONS, VERIFICATION_LEVELS } from '../vocabulary.js';
import type { ClaimFact, Framework, Lens, Modalities, RegionFacts, ReportFact } from './facts.js';
import { ASTANA_1, FRAMEWORK, HONOURED, INSTRUMENT, REGIONS, STRICT } from './facts.fixture.js';
import type { AssessmentCase } from './reference-counting.fixture.js';

const HOUR = 3_600;
const GRID = 6 * HOUR;
const SPAN = 14 * 24 * HOUR;

// Summer time in Damascus begins on 31 March 2017, in the middle of the generated time.
const START = secondsOf('2017-03-23T22:00:00Z');

// Mostly on a grid, so that instants coincide; sometimes any second.
export const instant = fc.oneof(
  { weight: 4, arbitrary: fc.nat(SPAN / GRID).map((steps) => START + steps * GRID) },
  { weight: 1, arbitrary: fc.nat(SPAN).map((seconds) => START + seconds) },
);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(arbitrary, { freq: 1 });
const valley = fc.constantFrom('SY0307', 'SY030702', 'SY030702', 'SY030703', 'wadi-barada');
const region = fc.oneof({ weight: 3, arbitrary: valley }, fc.constantFrom('SY', 'SY03', 'SY0901', 'SY090101'));
const actor = fc.constantFrom('saa', 'saa', 'fsa', 'isis', 'hts', 'jfs', 'ypg', 'civilians', 'unknown', 'nobody-knows');
const actors = fc.array(actor, { maxLength: 2 });
const outcome = fc.constantFrom('upheld' as const, 'rejected' as const, null, null);
export const hours = (most: number): fc.Arbitrary<number> => fc.nat(most).map((count) => count * HOUR);

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
      reports: fact.reports.map((report, place): ReportFact => ({ ...report, report: `report-${index}-${place}` })),
      claims: fact.claims.map((made, place): ClaimFact => ({ ...made, claim: place + 1 })),
    })),
    observations: observations.map((fact, index) => ({ ...fact, report: `observation-${index}` })),
    episodes: episodes.map((fact, index) => ({ ...fact, episode: `episode-${index}` })),
    redLines: redLines.map((fact, index) => ({ ...fact, redLine: `line-${index}` })),
  }));

// HTS is excluded from the middle of the generated time on; a local truce with another reading may cover the valley.
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

export const lens = fc.constantFrom<Lens>(STRICT, STRICT, HONOURED, { ...STRICT, code: 'TR', positionsOf: 'TR' });

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

export const assessmentCase: fc.Arbitrary<AssessmentCase> = fc
  .record({ framework, facts, region, lens, modalities })
  .map((given) => ({
    framework: given.framework,
    facts: given.facts,
    question: { region: given.region, lens: given.lens, modalities: given.modalities },
  }));
