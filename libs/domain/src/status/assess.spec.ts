import { describe, expect, it } from '@jest/globals';
import type { ClaimFact, IncidentFact, RegionFacts } from './facts.js';
import { assess, computeTimeline, type Assessment } from './assess.js';
import {
  ASTANA_1,
  denial,
  episode,
  facts,
  FRAMEWORK,
  HONOURED,
  incidentWith,
  nil,
  NOON,
  redLine,
  STRICT,
} from './facts.fixture.js';
import { worstFirst } from './worst.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;

function assessed(some: Partial<RegionFacts>, at = NOON, region = 'SY030702'): Assessment {
  return assess(FRAMEWORK, facts(some), { region, lens: STRICT, modalities: ASTANA_1, at });
}

function claimed(type: ClaimFact['type']): Pick<IncidentFact, 'claims'> {
  return { claims: [{ claim: 1, by: 'saa', type, target: null, outcome: null }] };
}

describe('an assessment', () => {
  it('has the region, the lens, the modalities and since when', () => {
    expect(assessed({ observations: [nil()] }, NOON + HOUR)).toMatchObject({
      region: 'SY030702',
      lens: 'strict',
      modalities: 'astana-1',
      at: NOON + HOUR,
      status: 'holding',
      since: NOON,
      nextChange: { at: NOON + 13 * HOUR, status: 'not_observed' },
    });
  });

  it('has neither a beginning nor a next change when the status never changes', () => {
    expect(assessed({}, NOON, 'nowhere')).toMatchObject({ status: 'not_covered', since: null, nextChange: null });
  });

  it('lists what counts, with the derivation of its points', () => {
    const act = incidentWith({ kind: 'indirect_fire' }, { verification: { level: 'corroborated', severity: 'grave' } });
    expect(assessed({ incidents: [act] }, NOON + 3 * DAY)).toMatchObject({
      intensity: 6,
      counted: [
        {
          incident: 'i1',
          kind: 'indirect_fire',
          occurred: { from: NOON, to: NOON + 60 },
          severity: 'grave',
          verification: 'corroborated',
          points: 20,
          weight: 0.6,
          contribution: 6,
        },
      ],
      notCounted: [],
    });
  });

  it('lists what does not count and why, in order of its start', () => {
    const withdrawn = incidentWith({ withdrawn: true, from: NOON - 4 }, { incident: 'withdrawn' });
    const excluded = incidentWith({ accused: ['isis'], from: NOON - 3 }, { incident: 'excluded' });
    const claims = [{ claim: 1, by: 'saa', type: 'exclusion', target: 'jfs', outcome: 'upheld' }] as const;
    const upheld = incidentWith({ from: NOON - 2 }, { incident: 'upheld', claims });
    const refuted = incidentWith(
      { from: NOON - 1 },
      { incident: 'refuted', verification: { level: 'refuted', severity: null } },
    );
    const old = incidentWith({ from: NOON - 7 * DAY }, { incident: 'old' });
    const future = incidentWith({ from: NOON + 1 }, { incident: 'future' });
    const merged = incidentWith({}, { incident: 'merged', mergedInto: 'old' });
    expect(assessed({ incidents: [refuted, upheld, merged, excluded, future, withdrawn, old] })).toMatchObject({
      intensity: 0,
      counted: [],
      notCounted: [
        { incident: 'old', reason: 'aged_out' },
        { incident: 'withdrawn', reason: 'withdrawn' },
        { incident: 'excluded', reason: 'out_of_scope' },
        { incident: 'upheld', reason: 'exclusion_claim' },
        { incident: 'refuted', reason: 'refuted' },
      ],
    });
  });

  it('stops listing an incident 30 days after its window', () => {
    const incidents = [incidentWith({}), incidentWith({ accused: ['isis'] }, { incident: 'i2' })];
    expect(assessed({ incidents }, NOON + 37 * DAY - 1).notCounted).toHaveLength(2);
    expect(assessed({ incidents }, NOON + 37 * DAY).notCounted).toHaveLength(0);
  });

  it('lists the access denials that affect the region until 12 h after their end', () => {
    const here = denial({ report: 'here', region: 'SY', from: NOON, to: NOON + HOUR });
    const elsewhere = denial({ report: 'elsewhere', region: 'SY09' });
    const shown = [-1, 0, 13 * HOUR - 1, 13 * HOUR].map((after) =>
      assessed({ observations: [elsewhere, here, nil()] }, NOON + after).accessDenials.map(({ report }) => report),
    );
    expect(shown).toEqual([[], ['here'], ['here'], []]);
  });

  it('names the episode that keeps it violated; of several, the earliest', () => {
    const episodes = [episode({ episode: 'late', from: NOON - 1 }), episode({ episode: 'early', from: NOON - 2 })];
    expect(assessed({ episodes }).floor?.episode).toBe('early');
    expect(assessed({ episodes }, NOON - 3).floor).toBeNull();
  });

  it('names the red lines about it, and the first incident that met them', () => {
    const act = (id: string, from: number): IncidentFact =>
      incidentWith(
        { kind: 'territorial_gain', from },
        { incident: id, verification: { level: 'verified_remote', severity: null } },
      );
    const some = {
      incidents: [act('second', NOON + 1), act('first', NOON)],
      redLines: [
        redLine({ region: 'SY030702', withdrawnAt: NOON + DAY }),
        redLine({ redLine: 'elsewhere', region: 'SY09' }),
      ],
    };
    const line = { redLine: 'l1', declaredBy: 'jaysh_al_islam', honoured: true };
    expect(assessed(some, NOON + 2).redLines).toMatchObject([{ ...line, met: true, incident: 'first', since: NOON }]);
    expect(assessed(some, NOON - 1).redLines).toMatchObject([{ ...line, met: false, incident: null, since: null }]);
    expect(assessed(some, NOON + DAY).redLines).toEqual([]);
  });
});

describe('a timeline through a second lens', () => {
  const claims = [{ claim: 1, by: 'saa', type: 'exclusion', target: 'jfs', outcome: null }] as const;

  function segments(incidents: readonly IncidentFact[]): readonly unknown[] {
    const question = { region: 'SY030702', lens: STRICT, modalities: ASTANA_1 };
    const some = facts({ incidents });
    const like = computeTimeline(FRAMEWORK, some, question);
    return [computeTimeline(FRAMEWORK, some, { ...question, lens: HONOURED }, { like }).segments, like.segments];
  }

  it('reuses the segments of the first when the result is the same', () => {
    const [second, first] = segments([incidentWith({ severity: 'grave' })]);
    expect(second).toBe(first);
  });

  it('has segments of its own when an incident counts differently', () => {
    const [second, first] = segments([incidentWith({ severity: 'grave' }, { claims })]);
    expect(second).not.toEqual(first);
  });
});

describe('the dispute', () => {
  const denied = incidentWith({ severity: 'moderate' }, { incident: 'denied', ...claimed('denial') });
  const asserted = incidentWith({ severity: 'serious' }, { incident: 'asserted', ...claimed('assertion') });

  it('is the share of the points in the window that carries a denial or an exclusion claim', () => {
    expect(assessed({ incidents: [denied, asserted] }).dispute).toBe(0.273);
    const exempt = incidentWith({ severity: 'serious' }, { incident: 'exempt', ...claimed('exclusion') });
    expect(assessed({ incidents: [denied, asserted, exempt] }).dispute).toBe(0.579);
  });

  it('is computed before weight and cap, including out-of-scope incidents', () => {
    const verified = { ...asserted, verification: { level: 'verified_on_site', severity: null } } as const;
    const excluded = incidentWith({ severity: 'serious', accused: ['isis'] }, { incident: 'excluded' });
    expect(assessed({ incidents: [denied, verified] }).dispute).toBe(0.273);
    expect(assessed({ incidents: [denied, excluded] }).dispute).toBe(0.273);
  });

  it('follows the window', () => {
    const fresh = incidentWith({ severity: 'moderate', from: NOON + 2 * DAY }, { incident: 'fresh' });
    expect(assessed({ incidents: [denied, fresh] }, NOON + 2 * DAY).dispute).toBe(0.333);
    expect(assessed({ incidents: [denied, fresh] }, NOON + 7 * DAY).dispute).toBe(0);
  });

  it('is null when the window is empty', () => {
    expect(assessed({ incidents: [denied] }, NOON + 7 * DAY).dispute).toBeNull();
    expect(assessed({ incidents: [incidentWith({ withdrawn: true })] }).dispute).toBeNull();
  });
});

describe('the worst of several regions', () => {
  it('comes first: by status, then by points, then by code', () => {
    const order = (['holding', 'not_covered', 'violated', 'not_observed', 'strained', 'breakdown_indicated'] as const)
      .map((status) => ({ code: status, status, intensity: 0 }))
      .sort(worstFirst);
    expect(order.map(({ status }) => status)).toEqual([
      'breakdown_indicated',
      'violated',
      'strained',
      'not_observed',
      'holding',
      'not_covered',
    ]);
    const alike = ['b', 'c', 'a'].map((code) => ({
      code,
      status: 'violated' as const,
      intensity: code === 'c' ? 2 : 1,
    }));
    expect(alike.sort(worstFirst).map(({ code }) => code)).toEqual(['c', 'a', 'b']);
  });
});
