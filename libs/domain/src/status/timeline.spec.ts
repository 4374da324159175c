import { describe, expect, it } from '@jest/globals';
import type { Framework, IncidentFact, Lens, RegionFacts, ReportFact } from './facts.js';
import {
  ASTANA_1,
  episode,
  facts,
  FRAMEWORK,
  HONOURED,
  incidentOf,
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

/** The hours after noon at which the status turns to what; the first is 24 hours before. */
function story(some: Partial<RegionFacts>, asked: Asked = {}): readonly string[] {
  const question = { region: asked.region ?? 'SY030702', lens: asked.lens ?? STRICT, modalities: ASTANA_1 };
  const span = { from: NOON - 24 * HOUR, to: NOON + 400 * HOUR };
  const segments = timeline(asked.framework ?? FRAMEWORK, facts(some), { ...question, ...span });
  return statusRuns(segments).map(({ from, status }) => `${(from - NOON) / HOUR} ${status}`);
}

function verified(told: Partial<ReportFact>, id = 'i1'): IncidentFact {
  return incidentOf(told, { incident: id, verification: { level: 'verified_on_site', severity: null } });
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

  it('is not observed where nobody looks and nothing is known, never holding', () => {
    expect(story(NO_FACTS)).toEqual(['-24 not_observed']);
    expect(story({ observations: [nil()] })).toEqual(['-24 not_observed', '0 holding', '13 not_observed']);
  });

  it('is holding with some points below the first threshold, even where nobody looks', () => {
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

  it('steps down after three days below 80 % of the threshold, where it is watched', () => {
    expect(story({ incidents: [MODERATE], observations: [WATCHED] })).toEqual([
      '-24 holding',
      '0 strained',
      '120 holding',
    ]);
  });

  it('does not step down at exactly 80 %', () => {
    const corroborated = { verification: { level: 'corroborated', severity: null } } as const;
    const act = incidentOf({ severity: 'serious' }, corroborated); // 4.8 points, then 2.4 of 3
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

  it('does not step down before somebody looks again', () => {
    const later = nil({ from: NOON + 150 * HOUR, to: NOON + 151 * HOUR });
    expect(story({ incidents: [MODERATE], observations: [later] })).toEqual([
      '-24 not_observed',
      '0 strained',
      '150 holding',
      '168 not_observed',
    ]);
  });

  it('keeps its level under the silence, until it is watched', () => {
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

  it('counts the three days anew after the points have been back', () => {
    const again = verified({ severity: 'moderate', from: NOON + 100 * HOUR }, 'i2');
    expect(story({ incidents: [MODERATE, again], observations: [WATCHED] })).toEqual([
      '-24 holding',
      '0 strained',
      '240 holding',
    ]);
  });

  it('is not moved by incidents elsewhere, merged away or withdrawn', () => {
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

  it('gives way to a claim that its target is excluded, as incidents do', () => {
    const claim = { by: 'saa', target: 'jfs', outcome: null } as const;
    const claimed = { ...EPISODE, exclusionClaim: claim };
    const upheld = { ...EPISODE, exclusionClaim: { ...claim, outcome: 'upheld' as const } };
    const rejected = { ...EPISODE, exclusionClaim: { ...claim, outcome: 'rejected' as const } };
    expect(story({ episodes: [claimed] })).toContain('0 violated');
    expect(story({ episodes: [claimed] }, { lens: HONOURED })).not.toContain('0 violated');
    expect(story({ episodes: [upheld] })).not.toContain('0 violated');
    expect(story({ episodes: [rejected] }, { lens: HONOURED })).toContain('0 violated');
  });

  it('is none of the ceasefire where an excluded actor leads it, from the day of its exclusion', () => {
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

  it('is met by what is verified, either way, and by nothing less', () => {
    const at = (level: NonNullable<IncidentFact['verification']>['level']): IncidentFact => ({
      ...TAKEN,
      verification: { level, severity: null },
    });
    expect(met(at('verified_remote'))).toBe(true);
    expect(met(at('corroborated'))).toBe(false);
  });

  it('asks for its kind in any of the reports and for its actor', () => {
    expect(met(verified({ kind: 'air_strike' }))).toBe(false);
    expect(met(verified({ kind: 'territorial_gain', accused: ['fsa'] }))).toBe(false);
    expect(met(TAKEN, { ...LINE, condition: { kind: 'territorial_gain', by: null } })).toBe(true);
    const lead = verified({ kind: 'air_strike' });
    const second = TAKEN.reports.map((report) => ({ ...report, report: 'r2', precision: 'day' as const }));
    expect(met({ ...lead, reports: [...lead.reports, ...second] })).toBe(true);
  });

  it('is about the region that it names, and nothing around or inside it', () => {
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

  it("moves a guarantor's lens only where it or one it answers for declared it", () => {
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

  it('tells the status at an instant within it, and nothing outside', () => {
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
