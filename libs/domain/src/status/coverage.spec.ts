import { describe, expect, it } from '@jest/globals';
import { coverageRuns } from './segments.js';
import type { ObservationFact } from './facts.js';
import { ASTANA_1, denial, facts, FRAMEWORK, nil, NOON, STRICT } from './facts.fixture.js';
import { timeline } from './timeline.js';

const HOUR = 3_600;

/** Pairs of hours after noon and the coverage from then on. */
function coverage(region: string, ...observations: readonly ObservationFact[]): readonly (readonly [number, number])[] {
  const span = { from: NOON - HOUR, to: NOON + 100 * HOUR };
  const question = { region, lens: STRICT, modalities: ASTANA_1, ...span };
  const runs = coverageRuns(timeline(FRAMEWORK, facts({ observations }), question));
  return runs.map((run) => [(run.from - NOON) / HOUR, run.coverage]);
}

function looked(region: string, from: number, to: number): ObservationFact {
  return nil({ region, from: NOON + from * HOUR, to: NOON + to * HOUR });
}

function denied(region: string, from: number, to: number): ObservationFact {
  return denial({ region, from: NOON + from * HOUR, to: NOON + to * HOUR });
}

const LEAF = 'SY030702';

describe('coverage', () => {
  it('lasts from the start of a nil report until twelve hours after its end', () => {
    expect(coverage(LEAF, looked(LEAF, 0, 5))).toEqual([
      [-1, 0],
      [0, 1],
      [17, 0],
    ]);
  });

  it('comes from reports about regions that contain the leaf, not from its neighbours', () => {
    for (const around of ['SY', 'SY03', 'SY0307', 'wadi-barada'])
      expect(coverage(LEAF, looked(around, 0, 5))).toContainEqual([0, 1]);
    expect(coverage(LEAF, looked('SY030703', 0, 5))).toEqual([[-1, 0]]);
  });

  it('is the mean over the leaves by their area', () => {
    expect(coverage('SY0307', looked(LEAF, 0, 5))).toContainEqual([0, 0.523]);
    expect(coverage('SY0307', looked(LEAF, 0, 5), looked('SY030703', 5, 6))).toEqual([
      [-1, 0],
      [0, 0.523],
      [5, 1],
      [17, 0.477],
      [18, 0],
    ]);
  });

  it('weighs all leaves equally when an area is unknown', () => {
    expect(coverage('SY0901', looked('SY090101', 0, 5))).toContainEqual([0, 0.5]);
  });

  it('is not doubled by a second report', () => {
    expect(coverage(LEAF, looked(LEAF, 0, 5), looked('SY', 2, 3), looked(LEAF, 17, 18))).toEqual([
      [-1, 0],
      [0, 1],
      [30, 0],
    ]);
  });

  it('is taken away while access is denied', () => {
    expect(coverage(LEAF, looked(LEAF, 0, 20), denied('SY03', 5, 10))).toEqual([
      [-1, 0],
      [0, 1],
      [5, 0],
      [10, 1],
      [32, 0],
    ]);
  });

  it('ends permanently when access is denied after the observation', () => {
    for (const hour of [5, 7, 16.5])
      expect(coverage(LEAF, looked(LEAF, 0, 5), denied(LEAF, hour, hour + 0.25))).toEqual([
        [-1, 0],
        [0, 1],
        [hour, 0],
      ]);
  });

  it('resumes after a denial that began before the end of the observation', () => {
    expect(coverage(LEAF, looked(LEAF, 0, 5), denied(LEAF, 4, 8))).toEqual([
      [-1, 0],
      [0, 1],
      [4, 0],
      [8, 1],
      [17, 0],
    ]);
  });

  it('returns with a later nil report', () => {
    expect(coverage(LEAF, looked(LEAF, 0, 5), denied(LEAF, 7, 9), looked(LEAF, 10, 11))).toContainEqual([10, 1]);
  });
});
