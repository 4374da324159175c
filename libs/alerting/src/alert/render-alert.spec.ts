import { describe, expect, it } from '@jest/globals';
import { regionMap } from '#domain';
import type { AlertRow } from './alert.js';
import { renderAlert } from './render-alert.js';

const regions = regionMap([
  {
    ...{ code: 'SY03', level: 'governorate', name: { en: 'Rural Damascus', ar: null }, parent: null, areaKm2: null },
    ...{ centre: null, parts: [] },
  },
]);
const row: AlertRow = {
  ...{ id: '9d0c4d2d-ff15-8a52-b2d4-9b1e4dbbfe11', type: 'status_changed', region: 'SY03', lens: 'strict' },
  ...{ from: 'strained', to: 'breakdown_indicated', at: '2017-01-27T22:00:00Z' },
  ...{ recordedAt: '2017-01-28T08:00:00.000Z', position: 17, supersedes: null, scale: 3, detail: {}, trail: null },
};
const says = (change: Partial<AlertRow>): string => renderAlert({ ...row, ...change }, regions).summary.en;

describe('the wording of an alert', () => {
  it('names the region as people do', () => {
    expect(says({})).toBe(
      'Rural Damascus (SY03): the ceasefire reads "breakdown indicated" from 2017-01-27T22:00:00Z on; before, it read "strained".',
    );
    expect(says({ region: 'zone-9' })).toMatch(/^zone-9: /);
  });

  it('has a sentence for every type', () => {
    expect(says({ type: 'status_restated', detail: { until: '2017-01-29T22:00:00Z' } })).toContain('later knowledge');
    expect(says({ type: 'red_line_met' })).toContain('a red line is met');
    expect(says({ type: 'grave_incident', detail: { kind: 'chemical' } })).toContain('a grave incident (chemical)');
    expect(says({ type: 'coverage_lost', detail: { coverage: 0.25 } })).toContain(
      '(25 %); silence from there is not calm',
    );
    expect(says({ type: 'coverage_restored', detail: { coverage: 0.75 } })).toContain('watched again');
  });

  it('leads to the reasons, as they were known then and under the lens that it speaks of', () => {
    const query = 'at=2017-01-27T22%3A00%3A00Z&knownAt=2017-01-28T08%3A00%3A00.000Z';
    expect(renderAlert(row, regions).why).toBe(`/v1/regions/SY03/status?${query}`);
    expect(renderAlert({ ...row, lens: 'RU' }, regions).why).toBe(`/v1/regions/SY03/status?${query}&lens=RU`);
    expect(renderAlert({ ...row, lens: null }, regions).why).toBe(`/v1/regions/SY03/status?${query}`);
  });

  it('shows nothing of what only filters need', () => {
    expect(Object.keys(renderAlert(row, regions))).toEqual([
      ...['id', 'type', 'region', 'lens', 'from', 'to', 'at', 'recordedAt', 'position', 'supersedes', 'why', 'summary'],
    ]);
  });
});
