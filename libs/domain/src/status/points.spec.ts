import { describe, expect, it } from '@jest/globals';
import { startOfDamascusDay } from '../time.js';
import { assess, type Assessment } from './assess.js';
import type { IncidentFact, ReportFact } from './facts.js';
import { ASTANA_1, facts, FRAMEWORK, incidentWith, NOON, report, STRICT } from './facts.fixture.js';
import { piecesOf, roundedShare } from './points.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const RULES = ASTANA_1.rules;

function assessed(incidents: readonly IncidentFact[], at: number, rules = RULES): Assessment {
  const question = { region: 'SY030702', lens: STRICT, modalities: { ...ASTANA_1, rules }, at };
  return assess(FRAMEWORK, facts({ incidents }), question);
}

function verified(level: NonNullable<IncidentFact['verification']>['level']): IncidentFact {
  return incidentWith({ severity: 'serious' }, { verification: { level, severity: null } });
}

function claims(...told: readonly Partial<ReportFact>[]): readonly IncidentFact[] {
  return told.map((some, index) => incidentWith({ severity: 'moderate', ...some }, { incident: `i${index}` }));
}

describe('the points of an incident', () => {
  it('are those of its severity times the weight of its verification level', () => {
    const weighed = (['reported', 'corroborated', 'verified_remote', 'verified_on_site', 'unverifiable'] as const).map(
      (level) => assessed([verified(level)], NOON).intensity,
    );
    expect(weighed).toEqual([2, 4.8, 8, 8, 2]);
  });

  it('are 0 when it was refuted', () => {
    expect(assessed([verified('refuted')], NOON)).toMatchObject({
      intensity: 0,
      counted: [],
      notCounted: [{ incident: 'i1', reason: 'refuted' }],
    });
  });

  it('count in full for 48 h, by half until 168 h, then not at all', () => {
    const instants = [-1, 0, 48 * HOUR - 1, 48 * HOUR, 168 * HOUR - 1, 168 * HOUR];
    const points = instants.map((age) => assessed([verified('verified_on_site')], NOON + age).intensity);
    expect(points).toEqual([0, 8, 8, 4, 4, 0]);
  });

  it('are rounded once, half up, to thousandths', () => {
    expect(assessed([incidentWith({ severity: 'minor' })], NOON + 48 * HOUR).intensity).toBe(0.125);
    const rules = { ...RULES, severityPoints: { ...RULES.severityPoints, minor: 0.25 } };
    expect(assessed([incidentWith({ severity: 'minor' })], NOON, rules).intensity).toBe(0.063);
    expect(assessed([incidentWith({ severity: 'minor' })], NOON + 48 * HOUR, rules).intensity).toBe(0.032);
  });

  it('are rounded half up without floating-point error', () => {
    expect([1, 2, 3, 4, 5].map((whole) => roundedShare(whole, 2))).toEqual([1, 1, 2, 2, 3]);
    expect([1, 2, 3, 4].map((whole) => roundedShare(whole, 3))).toEqual([0, 1, 1, 1]);
  });
});

describe('a long interval', () => {
  it('is not split up to 48 h', () => {
    expect(piecesOf(0, 48 * HOUR)).toHaveLength(1);
    expect(piecesOf(0, 0)).toHaveLength(1);
  });

  it('is split into pieces of 24 h from its start, the last piece shorter', () => {
    expect(piecesOf(100, 100 + 60 * HOUR)).toEqual([
      { from: 100, length: DAY, total: 60 * HOUR },
      { from: 100 + DAY, length: DAY, total: 60 * HOUR },
      { from: 100 + 2 * DAY, length: 12 * HOUR, total: 60 * HOUR },
    ]);
  });

  it('spreads its points over windows of its pieces', () => {
    const siege = [
      incidentWith(
        { severity: 'serious', from: NOON, to: NOON + 4 * DAY },
        { verification: { level: 'verified_remote', severity: null } },
      ),
    ];
    const points = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((day) => assessed(siege, NOON + day * DAY).intensity);
    expect(points).toEqual([2, 4, 5, 6, 5, 4, 4, 3, 2, 1, 0]);
  });
});

describe('the cap on claims', () => {
  const noon = { from: NOON };

  it('lets one side add two points a day, the earliest claims first', () => {
    const { intensity, counted, notCounted } = assessed(
      claims({ from: NOON + 3 }, { from: NOON + 2 }, { from: NOON + 1 }, { from: NOON }),
      NOON + HOUR,
    );
    expect(intensity).toBe(2);
    expect(counted.map(({ incident, contribution }) => [incident, contribution])).toEqual([
      ['i3', 0.75],
      ['i2', 0.75],
      ['i1', 0.5],
    ]);
    expect(notCounted).toEqual([{ incident: 'i0', reason: 'capped' }]);
  });

  it('goes by id when claims begin at the same instant', () => {
    const { counted } = assessed(claims(noon, noon, noon), NOON);
    expect(counted.map(({ contribution }) => contribution)).toEqual([0.75, 0.75, 0.5]);
  });

  it('is separate for each alignment', () => {
    const sides = ['shaam', 'orient', 'shaam', 'sana', 'tass', 'new'].map((organisation) => ({
      ...noon,
      organisation,
    }));
    expect(assessed(claims(...sides), NOON).intensity).toBe(2 + 3 * 0.75);
  });

  it('uses the first alignment by code for an incident with several', () => {
    const government = claims(...[1, 2, 3].map(() => ({ ...noon, organisation: 'sana' })));
    const reports = ['shaam', 'sana'].map((organisation) => report({ report: organisation, organisation }));
    const both = incidentWith({}, { incident: 'last', reports });
    expect(assessed([...government, both], NOON).notCounted).toEqual([{ incident: 'last', reason: 'capped' }]);
  });

  it('is separate for each day in Damascus', () => {
    const midnight = startOfDamascusDay('2017-01-11');
    const late = [1, 2, 3].map((seconds) => ({ from: midnight - seconds }));
    const early = [0, 1, 2].map((seconds) => ({ from: midnight + seconds }));
    expect(assessed(claims(...late, ...early), midnight + HOUR).intensity).toBe(4);
  });

  it('is applied before the window', () => {
    expect(assessed(claims(noon, noon, noon), NOON + 48 * HOUR).intensity).toBe(1);
  });

  it('does not apply to corroborated incidents and is not used up by incidents that do not count', () => {
    const corroborated = { verification: { level: 'corroborated', severity: null } } as const;
    const many = [1, 2].map((n) => incidentWith({ severity: 'grave' }, { incident: `c${n}`, ...corroborated }));
    expect(assessed(many, NOON).intensity).toBe(24);
    expect(
      assessed(claims({ accused: ['isis'] }, { accused: ['isis'] }, { accused: ['isis'] }, noon), NOON).intensity,
    ).toBe(0.75);
  });
});
