import { describe, expect, it } from '@jest/globals';
import type { EpisodeEvent, ObservationContent, RedLineEvent, ReportEvent } from '#domain';
import { foldEpisode } from './fold-episode.js';
import { foldObservation } from './fold-observation.js';
import { foldRedLine } from './fold-red-line.js';

const area = { region: 'SY0307', regions: ['SY', 'SY03', 'SY0307'], precision: null };
const content: ObservationContent = {
  observed: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T16:00:00Z' },
  area,
  means: 'seen',
  deniedBy: null,
};
const source = { monitor: 'm-1', organisation: 'o-1' };
const nil: ReportEvent = { type: 'ReportSubmitted', data: { report: 'r-1', type: 'nil', source, flags: [], content } };

describe('an observation as a fact', () => {
  it('has the content of the report, in seconds, without its source', () => {
    expect(foldObservation(null, nil)).toEqual({
      report: 'r-1',
      type: 'nil',
      region: 'SY0307',
      regions: ['SY', 'SY03', 'SY0307'],
      from: 1_484_474_400,
      to: 1_484_496_000,
      deniedBy: null,
    });
  });

  it('is replaced by an amendment and removed by a withdrawal', () => {
    const elsewhere = { ...content, area: { region: 'SY02', regions: ['SY', 'SY02'], precision: null } };
    const amended: ReportEvent = {
      type: 'ReportAmended',
      data: { report: 'r-1', type: 'nil', flags: [], amendment: null, content: elsewhere },
    };
    const first = foldObservation(null, nil);
    expect(foldObservation(first, amended)?.region).toBe('SY02');
    expect(foldObservation(first, { type: 'ReportWithdrawn', data: { report: 'r-1', incident: null } })).toBeNull();
  });
});

describe('an episode as a fact', () => {
  const opened: EpisodeEvent = {
    type: 'EpisodeOpened',
    data: {
      episode: 'e-1',
      kind: 'offensive',
      region: 'wadi-barada',
      from: '2016-12-21T22:00:00Z',
      name: 'Offensive on Wadi Barada',
      accused: ['saa'],
      exclusionClaim: { by: 'saa', target: 'jfs' },
    },
  };

  it('is open until it is closed, with its exclusion claim unassessed', () => {
    const open = foldEpisode(null, opened);
    expect(open).toMatchObject({ to: null, exclusionClaim: { by: 'saa', target: 'jfs', outcome: null } });
    const closed: EpisodeEvent = {
      type: 'EpisodeClosed',
      data: { episode: 'e-1', region: 'wadi-barada', to: '2017-01-29T22:00:00Z' },
    };
    expect(foldEpisode(open, closed)).toEqual({ ...open, to: 1_485_727_200 });
  });
});

describe('a red line as a fact', () => {
  it('is declared until it is withdrawn', () => {
    const declared: RedLineEvent = {
      type: 'RedLineDeclared',
      data: {
        redLine: 'l-1',
        declaredBy: 'jaysh_al_islam',
        region: 'wadi-barada',
        condition: { kind: 'territorial_gain', by: ['saa'] },
        text: 'If the valley is retaken the ceasefire is over.',
      },
    };
    const standing = foldRedLine(null, declared);
    expect(standing).toEqual({ ...declared.data, withdrawnAt: null });
    const withdrawn: RedLineEvent = {
      type: 'RedLineWithdrawn',
      data: { redLine: 'l-1', region: 'wadi-barada', at: '2017-02-01T00:00:00Z' },
    };
    expect(foldRedLine(standing, withdrawn)).toEqual({ ...standing, withdrawnAt: 1_485_907_200 });
  });
});
