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
  ...{
    recordedAt: '2017-01-28T08:00:00.000Z',
    position: 17,
    supersedes: null,
    scale: 3,
    detail: {},
    traceContext: null,
    knownAtPosition: 16,
  },
};
const summaryOf = (change: Partial<AlertRow>): string => renderAlert({ ...row, ...change }, regions).summary.en;

describe('a rendered alert', () => {
  it('contains the name of the region', () => {
    expect(summaryOf({})).toBe(
      'Rural Damascus (SY03): the ceasefire reads "breakdown indicated" from 2017-01-27T22:00:00Z on; before, it read "strained".',
    );
    expect(summaryOf({ region: 'zone-9' })).toMatch(/^zone-9: /);
  });

  it('has a sentence for every type', () => {
    expect(summaryOf({ type: 'status_restated', detail: { until: '2017-01-29T22:00:00Z' } })).toContain(
      'later knowledge',
    );
    expect(summaryOf({ type: 'red_line_met' })).toContain('a red line is met');
    expect(summaryOf({ type: 'grave_incident', detail: { kind: 'chemical' } })).toContain(
      'a grave incident (chemical)',
    );
    expect(summaryOf({ type: 'coverage_lost', detail: { coverage: 0.25 } })).toContain(
      '(25 %); silence from there is not calm',
    );
    expect(summaryOf({ type: 'coverage_restored', detail: { coverage: 0.75 } })).toContain('watched again');
  });

  it('links to the reasons as known at that time under its lens', () => {
    const query = 'at=2017-01-27T22%3A00%3A00Z&knownAtPosition=16';
    expect(renderAlert(row, regions).why).toBe(`/v1/regions/SY03/status?${query}`);
    expect(renderAlert({ ...row, lens: 'RU' }, regions).why).toBe(`/v1/regions/SY03/status?${query}&lens=RU`);
    expect(renderAlert({ ...row, lens: null }, regions).why).toBe(`/v1/regions/SY03/status?${query}`);
  });

  it('has no members that only filters need', () => {
    expect(Object.keys(renderAlert(row, regions))).toEqual([
      ...['id', 'type', 'region', 'lens', 'from', 'to', 'at', 'recordedAt', 'position', 'supersedes', 'why', 'summary'],
    ]);
  });
});
