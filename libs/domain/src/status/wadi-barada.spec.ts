// The worked example of rules.md, section 4: its figures and instants were computed by hand.
import { describe, expect, it } from '@jest/globals';
import { instantOf, secondsOf, startOfDamascusDay } from '../time.js';
import { assess } from './assess.js';
import type { IncidentFact, Lens, RegionFacts } from './facts.js';
import {
  ASTANA_1,
  episode,
  facts,
  FRAMEWORK,
  HONOURED,
  incidentWith,
  nil,
  redLine,
  REGIONS,
  STRICT,
} from './facts.fixture.js';
import { statusRuns } from './segments.js';
import { timeline } from './timeline.js';
import {
  VALLEY_EPISODE,
  VALLEY_INCIDENTS,
  VALLEY_RED_LINE,
  VALLEY_REGION,
  type ValleyIncident,
} from './wadi-barada.js';

function factOf(row: ValleyIncident): IncidentFact {
  const claim = { claim: 1, by: 'saa', type: 'exclusion', target: 'jfs', outcome: null } as const;
  return incidentWith(
    {
      report: `${row.id}-report`,
      from: startOfDamascusDay(row.day),
      to: null,
      precision: 'day',
      region: VALLEY_REGION,
      regions: REGIONS.containing(VALLEY_REGION),
      kind: row.kind,
      severity: row.severity,
      accused: row.accused,
      target: row.target,
    },
    {
      incident: row.id,
      verification: row.level === 'reported' ? null : { level: row.level, severity: null },
      claims: row.exclusionClaimBy === null ? [] : [{ ...claim, by: row.exclusionClaimBy }],
    },
  );
}

const incidents = VALLEY_INCIDENTS.map(factOf);
const offensive = episode({
  ...VALLEY_EPISODE,
  region: VALLEY_REGION,
  from: secondsOf(VALLEY_EPISODE.from),
  to: secondsOf(VALLEY_EPISODE.to),
  exclusionClaim: { ...VALLEY_EPISODE.exclusionClaim, outcome: null },
});
const line = redLine({ ...VALLEY_RED_LINE, region: VALLEY_REGION });
const watched = nil({
  region: VALLEY_REGION,
  from: secondsOf('2016-12-01T00:00:00Z'),
  to: secondsOf('2017-03-31T00:00:00Z'),
});

/** One line per run: the instant from which the status holds. */
function story(some: Partial<RegionFacts>, lens: Lens): readonly string[] {
  const span = { from: secondsOf('2016-12-20T00:00:00Z'), to: secondsOf('2017-03-01T00:00:00Z') };
  const segments = timeline(FRAMEWORK, facts(some), { region: VALLEY_REGION, lens, modalities: ASTANA_1, ...span });
  return statusRuns(segments).map(({ from, status }) => `${instantOf(from).slice(0, 16)} ${status}`);
}

describe('the valley in January 2017', () => {
  it('has the points of the hand check at noon of each day', () => {
    const noons = Array.from({ length: 31 }, (_, day) => secondsOf('2017-01-01T12:00:00Z') + day * 86_400);
    const points = noons.map((at) => {
      const question = { region: VALLEY_REGION, lens: STRICT, modalities: ASTANA_1, at };
      return assess(FRAMEWORK, facts({ incidents }), question).intensity;
    });
    expect(points.join(' ')).toBe(
      '4.8 9.6 7.2 4.8 4.8 9.6 10.35 5.55 2.775 2.775 2.775 7.575 5.175 19.2 31.2 22.8 16.8 21.6 21.2 18.8 9.4 8.2 8.2 5.8 4.15 3.9 8.325 27.95 23.15 13.15 13.15',
    );
  });

  it('never steps down on its points alone while nobody watches', () => {
    expect(story({ incidents }, STRICT)).toEqual([
      '2016-12-20T00:00 not_covered',
      '2016-12-29T22:00 not_observed',
      '2016-12-31T22:00 strained',
      '2017-01-06T22:00 violated',
      '2017-02-03T22:00 not_observed',
    ]);
  });

  it('steps down on its points alone while it is vouched for', () => {
    expect(story({ incidents, observations: [watched] }, STRICT)).toEqual([
      '2016-12-20T00:00 not_covered',
      '2016-12-29T22:00 holding',
      '2016-12-31T22:00 strained',
      '2017-01-06T22:00 violated',
      '2017-01-10T22:00 strained',
      '2017-01-13T22:00 violated',
      '2017-02-06T22:00 holding',
    ]);
  });

  it('is violated from the first hour through the offensive, and breakdown_indicated through the red line', () => {
    expect(story({ incidents, episodes: [offensive], redLines: [line] }, STRICT)).toEqual([
      '2016-12-20T00:00 not_covered',
      '2016-12-29T22:00 violated',
      '2017-01-27T22:00 breakdown_indicated',
    ]);
  });

  it.each([
    ['and no red line declared', []],
    ['also where the red line was declared', [line]],
  ])('shows two acts where every exclusion claim is honoured, %s', (_, redLines) => {
    expect(story({ incidents, episodes: [offensive], redLines }, HONOURED)).toEqual([
      '2016-12-20T00:00 not_covered',
      '2016-12-29T22:00 not_observed',
      '2017-01-13T22:00 violated',
      '2017-01-25T22:00 not_observed',
    ]);
  });

  it('holds through the capture of the springs where claims are honoured and it is vouched for', () => {
    const observations = [watched];
    expect(story({ incidents, observations, episodes: [offensive], redLines: [line] }, HONOURED)).toEqual([
      '2016-12-20T00:00 not_covered',
      '2016-12-29T22:00 holding',
      '2017-01-13T22:00 violated',
      '2017-01-23T22:00 strained',
      '2017-01-24T22:00 holding',
    ]);
  });
});
