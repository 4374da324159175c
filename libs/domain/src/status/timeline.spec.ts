import { describe, expect, it } from '@jest/globals';
import type { Framework, IncidentFact, Lens, RegionFacts, ReportFact } from './facts.js';
import {
  ASTANA_1,
  episode,
  facts,
  FRAMEWORK,
  HONOURED,
  incidentWith,
  INSTRUMENT,
  nil,
  NOON,
  redLine,
  STRICT,
} from './facts.fixture.js';
import { statusAt, statusRuns } from './segments.js';
import { NO_FACTS, timeline } from './timeline.js';

const HOUR = 3_600;
const WATCHED = nil({ region: 'SY', from: NOON - 1_000 * HOUR, to: NOON + 1_000 * HOUR });

type Asked = { readonly region?: string; readonly lens?: Lens; readonly framework?: Framework };

/** Each change of status as `<hours after noon> <status>`; the first is 24 hours before noon. */
function story(some: Partial<RegionFacts>, asked: Asked = {}): readonly string[] {
  const question = { region: asked.region ?? 'SY030702', lens: asked.lens ?? STRICT, modalities: ASTANA_1 };
  const span = { from: NOON - 24 * HOUR, to: NOON + 400 * HOUR };
  const segments = timeline(asked.framework ?? FRAMEWORK, facts(some), { ...question, ...span });
  return statusRuns(segments).map(({ from, status }) => `${(from - NOON) / HOUR} ${status}`);
}

function verified(reported: Partial<ReportFact>, id = 'i1'): IncidentFact {
  return incidentWith(reported, { incident: id, verification: { level: 'verified_on_site', severity: null } });
}

const MODERATE = verified({ severity: 'moderate' });
const GRAVE = verified({ severity: 'grave' });

describe('the status', () => {
  it('is not covered outside any instrument, whatever happens', () => {
    const over = { ...FRAMEWORK, instruments: [{ ...INSTRUMENT, from: NOON, to: NOON + 24 * HOUR }] };
    expect(story({ incidents: [GRAVE], observations: [WATCHED] }, { framework: over })).toEqual([
      '-24 not_covered',
      '0 violated',
      '24 not_covered',
    ]);
    const elsewhere = { ...FRAMEWORK, instruments: [{ ...INSTRUMENT, regions: ['SY030702'] }] };
    expect(story({}, { framework: elsewhere, region: 'SY0307' })).toEqual(['-24 not_covered']);
    expect(story({}, { region: 'nowhere' })).toEqual(['-24 not_covered']);
  });

  it('is not_observed without coverage and without points, never holding', () => {
    expect(story(NO_FACTS)).toEqual(['-24 not_observed']);
    expect(story({ observations: [nil()] })).toEqual(['-24 not_observed', '0 holding', '13 not_observed']);
  });

  it('is holding with points below the first threshold, even without coverage', () => {
    expect(story({ incidents: [verified({ severity: 'minor' })] })).toEqual([
      '-24 not_observed',
      '0 holding',
      '168 not_observed',
    ]);
  });

  it('rises at the thresholds at once', () => {
    const serious = [1, 2, 3, 4, 5].map((hour) =>
      verified({ severity: 'serious', from: NOON + hour * HOUR }, `i${hour}`),
    );
    expect(story({ incidents: serious })).toEqual([
      '-24 not_observed',
      '1 strained',
      '2 violated',
      '5 breakdown_indicated',
      '173 not_observed',
    ]);
  });

  it('steps down after 72 h below 80 % of the threshold, if it is watched', () => {
    expect(story({ incidents: [MODERATE], observations: [WATCHED] })).toEqual([
      '-24 holding',
      '0 strained',
      '120 holding',
    ]);
  });

  it('does not step down at exactly 80 %', () => {
    const corroborated = { verification: { level: 'corroborated', severity: null } } as const;
    const act = incidentWith({ severity: 'serious' }, corroborated); // 4.8 points, then 2.4 of 3
    expect(story({ incidents: [act], observations: [WATCHED] })).toEqual(['-24 holding', '0 strained', '240 holding']);
  });

  it('is observed at exactly the share of coverage', () => {
    const half = nil({ region: 'SY090101' });
    expect(story({ observations: [half] }, { region: 'SY0901' })).toEqual([
      '-24 not_observed',
      '0 holding',
      '13 not_observed',
    ]);
  });

  it('falls several levels at one instant', () => {
    const act = verified({ severity: 'grave' });
    expect(story({ incidents: [act], observations: [WATCHED] })).toEqual(['-24 holding', '0 violated', '240 holding']);
  });

  it('does not step down before it is watched again', () => {
    const later = nil({ from: NOON + 150 * HOUR, to: NOON + 151 * HOUR });
    expect(story({ incidents: [MODERATE], observations: [later] })).toEqual([
      '-24 not_observed',
      '0 strained',
      '150 holding',
      '168 not_observed',
    ]);
  });

  it('keeps its level through not_observed, until it is watched', () => {
    const later = nil({ from: NOON + 200 * HOUR, to: NOON + 201 * HOUR });
    const again = verified({ severity: 'minor', from: NOON + 190 * HOUR }, 'i2');
    expect(story({ incidents: [MODERATE, again], observations: [later] })).toEqual([
      '-24 not_observed',
      '0 strained',
      '168 not_observed',
      '190 strained',
      '200 holding',
      '358 not_observed',
    ]);
  });

  it('restarts the 72 h after the points were above the bar again', () => {
    const again = verified({ severity: 'moderate', from: NOON + 100 * HOUR }, 'i2');
    expect(story({ incidents: [MODERATE, again], observations: [WATCHED] })).toEqual([
      '-24 holding',
      '0 strained',
      '240 holding',
    ]);
  });

  it('ignores incidents elsewhere, merged incidents and withdrawn ones', () => {
    const elsewhere = verified({ severity: 'grave', region: 'SY09' }, 'elsewhere');
    const merged = { ...GRAVE, mergedInto: 'another' };
    const withdrawn = verified({ severity: 'grave', withdrawn: true }, 'withdrawn');
    expect(story({ incidents: [elsewhere, merged, withdrawn] })).toEqual(['-24 not_observed']);
    expect(story({ incidents: [elsewhere] }, { region: 'SY' })).toContain('0 violated');
  });
});

describe('an open episode', () => {
  const EPISODE = episode({ to: NOON + 48 * HOUR });

  it('keeps its region and all inside it at least violated', () => {
    for (const region of ['SY0307', 'SY030702', 'wadi-barada'])
      expect(story({ episodes: [EPISODE] }, { region })).toEqual(['-24 not_observed', '0 violated', '48 not_observed']);
    for (const region of ['SY03', 'SY', 'SY09'])
      expect(story({ episodes: [EPISODE] }, { region })).toEqual(['-24 not_observed']);
  });

  it('does not hide a breakdown', () => {
    const acts = [verified({ severity: 'grave' }, 'a'), verified({ severity: 'grave' }, 'b')];
    expect(story({ episodes: [EPISODE], incidents: acts })).toContain('0 breakdown_indicated');
  });

  it('is exempted by an exclusion claim, like incidents', () => {
    const claim = { by: 'saa', target: 'jfs', outcome: null } as const;
    const claimed = { ...EPISODE, exclusionClaim: claim };
    const upheld = { ...EPISODE, exclusionClaim: { ...claim, outcome: 'upheld' as const } };
    const rejected = { ...EPISODE, exclusionClaim: { ...claim, outcome: 'rejected' as const } };
    expect(story({ episodes: [claimed] })).toContain('0 violated');
    expect(story({ episodes: [claimed] }, { lens: HONOURED })).not.toContain('0 violated');
    expect(story({ episodes: [upheld] })).not.toContain('0 violated');
    expect(story({ episodes: [rejected] }, { lens: HONOURED })).toContain('0 violated');
  });

  it('is out of scope when an excluded actor leads it, from the day of its exclusion', () => {
    expect(story({ episodes: [episode({ accused: ['isis'] })] })).toEqual(['-24 not_observed']);
    const excluded = [{ actor: 'saa', from: new Date((NOON + 10 * HOUR) * 1000).toISOString() }];
    const turned = { ...FRAMEWORK, instruments: [{ ...INSTRUMENT, readings: [{ code: 'un-text', excluded }] }] };
    expect(story({ episodes: [EPISODE] }, { framework: turned })).toEqual([
      '-24 not_observed',
      '0 violated',
      '10 not_observed',
    ]);
  });
});

describe('a red line', () => {
  const TAKEN = verified({ kind: 'territorial_gain', severity: 'minor' });
  const LINE = redLine({ region: 'SY030702', withdrawnAt: NOON + 24 * HOUR });

  function met(act: IncidentFact, line = LINE, lens: Lens = STRICT): boolean {
    return story({ incidents: [act], redLines: [line] }, { lens }).includes('0 breakdown_indicated');
  }

  it('is met from the incident that fits until it is withdrawn', () => {
    expect(story({ incidents: [TAKEN], redLines: [LINE] })).toEqual([
      '-24 not_observed',
      '0 breakdown_indicated',
      '24 holding',
      '168 not_observed',
    ]);
  });

  it('is met by verified incidents, remote or on site, and by nothing less', () => {
    const at = (level: NonNullable<IncidentFact['verification']>['level']): IncidentFact => ({
      ...TAKEN,
      verification: { level, severity: null },
    });
    expect(met(at('verified_remote'))).toBe(true);
    expect(met(at('corroborated'))).toBe(false);
  });

  it('requires its kind in any of the reports, and its actor', () => {
    expect(met(verified({ kind: 'air_strike' }))).toBe(false);
    expect(met(verified({ kind: 'territorial_gain', accused: ['fsa'] }))).toBe(false);
    expect(met(TAKEN, { ...LINE, condition: { kind: 'territorial_gain', by: null } })).toBe(true);
    const lead = verified({ kind: 'air_strike' });
    const second = TAKEN.reports.map((report) => ({ ...report, report: 'r2', precision: 'day' as const }));
    expect(met({ ...lead, reports: [...lead.reports, ...second] })).toBe(true);
  });

  it('is about the region that it names, not about regions around or inside it', () => {
    for (const region of ['SY0307', 'wadi-barada'])
      expect(story({ incidents: [TAKEN], redLines: [LINE] }, { region })).not.toContain('0 breakdown_indicated');
  });

  it('is not met by what does not count under the lens', () => {
    expect(
      met(verified({ kind: 'territorial_gain', accused: ['isis'] }), {
        ...LINE,
        condition: { ...LINE.condition, by: null },
      }),
    ).toBe(false);
    const claims = [{ claim: 1, by: 'saa', type: 'exclusion', target: 'jfs', outcome: null }] as const;
    expect(met({ ...TAKEN, claims })).toBe(true);
    expect(met({ ...TAKEN, claims }, LINE, HONOURED)).toBe(false);
  });

  it("affects a guarantor's lens only if that guarantor or an actor it answers for declared it", () => {
    const lensOf = (positionsOf: 'RU' | 'TR' | 'IR'): Lens => ({ ...STRICT, code: positionsOf, positionsOf });
    expect(met(TAKEN, LINE, lensOf('TR'))).toBe(true);
    expect(met(TAKEN, LINE, lensOf('RU'))).toBe(false);
    expect(met(TAKEN, { ...LINE, declaredBy: 'RU' }, lensOf('RU'))).toBe(true);
  });
});

describe('a timeline', () => {
  it('is empty for an empty span', () => {
    const question = { region: 'SY', lens: STRICT, modalities: ASTANA_1, from: NOON, to: NOON };
    expect(timeline(FRAMEWORK, NO_FACTS, question)).toEqual([]);
  });

  it('answers the status at an instant within it, and undefined outside', () => {
    const question = { region: 'SY030702', lens: STRICT, modalities: ASTANA_1, from: NOON - HOUR, to: NOON + HOUR };
    const segments = timeline(FRAMEWORK, facts({ incidents: [GRAVE] }), question);
    const instants = [NOON - HOUR - 1, NOON - HOUR, NOON - 1, NOON, NOON + HOUR - 1, NOON + HOUR];
    expect(instants.map((at) => statusAt(segments, at))).toEqual([
      undefined,
      'not_observed',
      'not_observed',
      'violated',
      'violated',
      undefined,
    ]);
  });
});
