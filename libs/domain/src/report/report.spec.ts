import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import type { ObservationContent, ReportAmended, ReportSubmitted, ViolationContent } from './report-events.js';
import { carriedReport, report } from './report.js';

const source = { monitor: 'monitor-1', organisation: 'organisation-1' };
const place = { region: 'SY030702', regions: ['SY', 'SY03', 'SY0307', 'SY030702'], precision: null };
const content: ViolationContent = {
  occurred: { from: '2017-01-15T10:00:00Z', to: null, precision: 'minute' },
  place,
  kind: 'indirect_fire',
  severity: null,
  means: 'seen',
  accused: ['saa'],
  target: null,
  casualties: { killed: null, injured: null },
  quantity: null,
  language: null,
  evidenceCount: 0,
};
const observation: ObservationContent = {
  observed: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T12:00:00Z' },
  area: place,
  means: 'seen',
  deniedBy: null,
};
const submission = { report: 'r1', type: 'violation', source, flags: [], content, incident: 'i1' } as const;
const submitted: ReportSubmitted = { type: 'ReportSubmitted', data: submission };
const nil: ReportSubmitted = {
  type: 'ReportSubmitted',
  data: { report: 'r1', type: 'nil', source, flags: [], content: observation },
};
const withdrawn = { type: 'ReportWithdrawn', data: { report: 'r1', incident: 'i1' } } as const;
const correction = { type: 'violation', flags: [], content: { ...content, means: 'recorded' } } as const;
const amended: ReportAmended = {
  type: 'ReportAmended',
  data: { report: 'r1', incident: 'i1', ...correction, amendment: null },
};
const amend = { type: 'AmendReport', correction, amendment: null } as const;

describe('a report', () => {
  it('is submitted once', () => {
    expect(given(report).when({ type: 'SubmitReport', submission })).toEqual([submitted]);
    expect(() => given(report, submitted).when({ type: 'SubmitReport', submission })).toThrow('use a new id');
  });

  it('is amended completely, and keeps its source and its incident', () => {
    expect(given(report, submitted).when(amend)).toEqual([amended]);
    expect(given(report, submitted, amended).state).toEqual({
      status: 'standing',
      now: { ...submission, content: correction.content },
    });
  });

  it('names its current incident when it is amended after a move', () => {
    const moved = { type: 'ReportReassigned', data: { report: 'r1', from: 'i1', incident: 'i2' } } as const;
    expect(given(report, submitted, moved).when(amend)).toEqual([
      { type: 'ReportAmended', data: { ...amended.data, incident: 'i2' } },
    ]);
  });

  it('keeps its type', () => {
    expect(() => given(report, nil).when(amend)).toThrow('of type nil, which cannot change');
  });

  it('can be amended when it is a nil report', () => {
    const later = { ...observation, observed: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T13:00:00Z' } };
    expect(
      given(report, nil).when({
        type: 'AmendReport',
        correction: { type: 'nil', flags: [], content: later },
        amendment: 'a1',
      }),
    ).toEqual([
      { type: 'ReportAmended', data: { report: 'r1', type: 'nil', flags: [], content: later, amendment: 'a1' } },
    ]);
  });

  it('is withdrawn once', () => {
    expect(given(report, submitted).when({ type: 'WithdrawReport' })).toEqual([withdrawn]);
    expect(given(report, submitted, withdrawn).when({ type: 'WithdrawReport' })).toEqual([]);
  });

  it('is not amended once withdrawn', () => {
    expect(() => given(report, submitted, withdrawn).when(amend)).toThrow('was withdrawn');
  });

  it('moves to another incident with its content, withdrawn or not', () => {
    const { when, state } = given(report, submitted, withdrawn);
    expect(when({ type: 'ReassignReport', incident: 'i2' })).toEqual([
      { type: 'ReportReassigned', data: { report: 'r1', from: 'i1', incident: 'i2' } },
    ]);
    expect(when({ type: 'ReassignReport', incident: 'i1' })).toEqual([]);
    expect(carriedReport(state)).toEqual({ report: 'r1', source, withdrawn: true, content });
  });

  it('stays withdrawn when it moves', () => {
    const moved = { type: 'ReportReassigned', data: { report: 'r1', from: 'i1', incident: 'i2' } } as const;
    expect(given(report, submitted, withdrawn, moved).state).toEqual({
      status: 'withdrawn',
      now: { ...submission, incident: 'i2' },
    });
  });

  it('belongs to no incident when it is a nil report', () => {
    expect(() => given(report, nil).when({ type: 'ReassignReport', incident: 'i2' })).toThrow('Only violation reports');
  });
});
