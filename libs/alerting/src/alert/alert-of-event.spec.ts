import { describe, expect, it } from '@jest/globals';
import type { DomainEvent, ReportKind, ReportSubmitted, Severity } from '#domain';
import type { StoredEvent } from '#event-log';
import { alertOfEvent } from './alert-of-event.js';

const HORIZON_DAYS = 30;
const announced = {
  region: 'SY03',
  lens: 'strict',
  modalities: 'astana-1',
  restsOn: 16,
  at: '2017-01-06T22:00:00Z',
  alert: true,
};

function stored(event: DomainEvent, recordedAt = '2017-01-16T08:00:00.000Z'): StoredEvent {
  return {
    ...{ position: 17, stream: 'status-strict-SY03', version: 1, key: 'SY03', schemaVersion: 1, recordedAt },
    ...{ type: event.type, data: event.data, commandEnd: 17 },
    meta: { by: { who: 'status-watch', role: 'system', party: null }, fingerprint: null, correlation: 'c' },
  };
}

function violation(kind: ReportKind, severity: Severity | null, from = '2017-01-15T10:00:00Z'): ReportSubmitted {
  const place = { region: 'SY030702', regions: ['SY', 'SY03', 'SY0307', 'SY030702'], precision: null };
  return {
    type: 'ReportSubmitted',
    data: {
      report: 'r1',
      type: 'violation',
      incident: 'i1',
      source: { monitor: 'm', organisation: 'o' },
      flags: [],
      content: {
        ...{ occurred: { from, to: null, precision: 'hour' }, place, kind, severity, means: 'interview' },
        ...{ accused: ['saa'], target: 'civilians', casualties: { killed: null, injured: null } },
        ...{ quantity: null, language: null, evidenceCount: 0 },
      },
    },
  };
}

function alertOf(event: DomainEvent, recordedAt?: string) {
  return alertOfEvent(stored(event, recordedAt), HORIZON_DAYS);
}

describe('the alert of an event', () => {
  it('names both statuses of a change', () => {
    const event: DomainEvent = { type: 'StatusChanged', data: { ...announced, from: 'strained', to: 'violated' } };
    expect(alertOf(event)).toEqual({
      id: '191b2e40-6d93-8465-a517-1954ef090aec',
      position: 17,
      recordedAt: '2017-01-16T08:00:00.000Z',
      type: 'status_changed',
      region: 'SY03',
      lens: 'strict',
      from: 'strained',
      to: 'violated',
      at: '2017-01-06T22:00:00Z',
      scale: 2,
      knownAtPosition: 16,
      traceContext: null,
      detail: {},
    });
  });

  it('does not exist where the announcement is marked as history', () => {
    const data = { ...announced, alert: false, from: 'strained', to: 'violated' } as const;
    expect(alertOf({ type: 'StatusChanged', data })).toBeNull();
  });

  it('describes a restatement by the first instant that differs, and ranks it by the gravest status', () => {
    const span = { from: '2017-01-06T22:00:00Z', to: null };
    const data = {
      ...announced,
      until: '2017-01-10T22:00:00Z',
      before: [{ ...span, status: 'strained' }],
      after: [
        { ...span, status: 'holding' },
        { ...span, status: 'breakdown_indicated' },
      ],
    } as const;
    expect(alertOf({ type: 'StatusRestated', data })).toMatchObject({
      type: 'status_restated',
      from: 'strained',
      to: 'holding',
      scale: 3,
      detail: { until: '2017-01-10T22:00:00Z' },
    });
  });

  it('exists for a red line and for coverage lost and restored', () => {
    const met: DomainEvent = { type: 'RedLineMet', data: { ...announced, redLine: 'l1', incident: 'i1' } };
    const lost: DomainEvent = { type: 'CoverageLost', data: { ...announced, coverage: 0.2 } };
    const restored: DomainEvent = { type: 'CoverageRestored', data: { ...announced, coverage: 0.7 } };
    expect([met, lost, restored].map((event) => alertOf(event))).toMatchObject([
      { type: 'red_line_met', from: null, to: null, scale: null, detail: { redLine: 'l1', incident: 'i1' } },
      { type: 'coverage_lost', detail: { coverage: 0.2 } },
      { type: 'coverage_restored', detail: { coverage: 0.7 } },
    ]);
  });

  it.each<[ReportKind, Severity | null, boolean]>([
    ['indirect_fire', 'grave', true],
    ['indirect_fire', null, false],
    ['chemical', null, true],
    ['killing_of_negotiator', null, true],
    ['chemical', 'serious', false],
  ])('for a report of %s with severity %s exists: %s', (kind, severity, isThere) => {
    expect(alertOf(violation(kind, severity)) !== null).toBe(isThere);
  });

  it('places a grave incident in the region of its report, under no lens', () => {
    expect(alertOf(violation('chemical', null))).toMatchObject({
      type: 'grave_incident',
      region: 'SY030702',
      lens: null,
      at: '2017-01-15T10:00:00Z',
      detail: { incident: 'i1', kind: 'chemical' },
    });
  });

  it('exists for a report that an amendment makes grave', () => {
    const { data } = violation('indirect_fire', 'grave');
    expect(alertOf({ type: 'ReportAmended', data: { ...data, amendment: null } })).toMatchObject({
      type: 'grave_incident',
      detail: { incident: 'i1' },
    });
  });

  it('does not exist for a grave incident that was older than the horizon when it was recorded', () => {
    const event = violation('chemical', null, '2017-01-15T10:00:00Z');
    expect(alertOf(event, '2017-02-14T10:00:00.000Z')).not.toBeNull();
    expect(alertOf(event, '2017-02-14T10:00:00.001Z')).toBeNull();
  });

  it('does not exist for other events', () => {
    expect(alertOf({ type: 'ReportWithdrawn', data: { report: 'r1', incident: 'i1' } })).toBeNull();
  });

  it('has an id that is derived from its event, and unique to it', () => {
    const event: DomainEvent = { type: 'CoverageLost', data: { ...announced, coverage: 0.2 } };
    const ids = [17, 17, 18].map((position) => alertOfEvent({ ...stored(event), position }, HORIZON_DAYS)?.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});
