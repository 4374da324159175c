import { describe, expect, it } from '@jest/globals';
import fc from '../../../../test/support/fast-check.js';
import type { CarriedReport, IncidentFact, ViolationContent } from '#domain';
import { foldIncident, incidentOf, type IncidentChange } from './fold-incident.js';

const INCIDENT = '01941b7e-8a00-7000-8000-00000000000a';
const OTHER = '01941b7e-8a00-7000-8000-00000000000b';
const source = { monitor: 'm-1', organisation: 'o-1' };

function content(over: Partial<ViolationContent> = {}): ViolationContent {
  return {
    occurred: { from: '2017-01-15T10:00:00Z', to: null, precision: 'hour' },
    place: { region: 'SY030702', regions: ['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada'], precision: null },
    kind: 'indirect_fire',
    severity: null,
    means: 'seen',
    accused: ['saa'],
    target: 'civilians',
    casualties: { killed: null, injured: null },
    quantity: null,
    language: null,
    evidenceCount: 0,
    ...over,
  };
}

const submitted = (report: string, over: Partial<ViolationContent> = {}): IncidentChange => ({
  type: 'ReportSubmitted',
  data: { report, incident: INCIDENT, type: 'violation', source, flags: [], content: content(over) },
});
const opened: IncidentChange = {
  type: 'IncidentOpened',
  data: { incident: INCIDENT, report: 'r-1', splitFrom: null, carried: [] },
};
const carried = (report: string): CarriedReport => ({ report, source, withdrawn: false, content: content() });
const fold = (...events: readonly IncidentChange[]): IncidentFact | null =>
  events.reduce<IncidentFact | null>(foldIncident, null);
const reportsOf = (fact: IncidentFact | null): readonly string[] => fact?.reports.map(({ report }) => report) ?? [];

describe('an incident as a fact', () => {
  it('begins with the content of its first report, in seconds', () => {
    expect(fold(opened)).toBeNull();
    expect(fold(opened, submitted('r-1'))).toEqual({
      incident: INCIDENT,
      reports: [
        {
          report: 'r-1',
          withdrawn: false,
          from: 1_484_474_400,
          to: null,
          precision: 'hour',
          region: 'SY030702',
          regions: ['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada'],
          kind: 'indirect_fire',
          severity: null,
          means: 'seen',
          accused: ['saa'],
          target: 'civilians',
          casualties: { killed: null, injured: null },
          monitor: 'm-1',
          organisation: 'o-1',
        },
      ],
      verification: null,
      attribution: null,
      claims: [],
      mergedInto: null,
    });
  });

  it('has the amended content of a report and its original source', () => {
    const amended: IncidentChange = {
      type: 'ReportAmended',
      data: {
        report: 'r-1',
        incident: INCIDENT,
        type: 'violation',
        flags: [],
        amendment: null,
        content: content({ kind: 'air_strike' }),
      },
    };
    expect(fold(submitted('r-1'), amended)?.reports).toEqual([
      expect.objectContaining({ kind: 'air_strike', monitor: 'm-1', organisation: 'o-1', withdrawn: false }),
    ]);
  });

  it('keeps a withdrawn report, marked as withdrawn', () => {
    const withdrawn: IncidentChange = { type: 'ReportWithdrawn', data: { report: 'r-1', incident: INCIDENT } };
    expect(fold(submitted('r-1'), withdrawn)?.reports.map((report) => report.withdrawn)).toEqual([true]);
  });

  it('adds linked reports and removes unlinked ones', () => {
    const linked: IncidentChange = {
      type: 'ReportLinked',
      data: { incident: INCIDENT, report: 'r-2', from: OTHER, carried: carried('r-2') },
    };
    const unlinked: IncidentChange = { type: 'ReportUnlinked', data: { incident: INCIDENT, report: 'r-2', to: OTHER } };
    const split: IncidentChange = {
      type: 'IncidentSplit',
      data: { incident: INCIDENT, into: OTHER, reports: ['r-1'] },
    };
    expect(reportsOf(fold(submitted('r-1'), linked))).toEqual(['r-1', 'r-2']);
    expect(reportsOf(fold(submitted('r-1'), linked, unlinked))).toEqual(['r-1']);
    expect(reportsOf(fold(submitted('r-1'), linked, split))).toEqual(['r-2']);
  });

  it('does not depend on the order of arrival', () => {
    const reports = ['r-1', 'r-2', 'r-3'].map((report) => submitted(report));
    fc.assert(
      fc.property(fc.shuffledSubarray(reports, { minLength: 3 }), (order) => {
        expect(fold(...order)).toEqual(fold(...reports));
      }),
    );
  });

  it('is only a redirect once it was merged', () => {
    const merged: IncidentChange = { type: 'IncidentMerged', data: { incident: INCIDENT, into: OTHER } };
    expect(fold(submitted('r-1'), merged)).toMatchObject({ mergedInto: OTHER, reports: [], claims: [] });
  });

  it('absorbs another, numbers its claims after its own, and keeps its own findings', () => {
    const claim: IncidentChange = {
      type: 'ClaimMade',
      data: { incident: INCIDENT, claim: 1, by: 'saa', claimType: 'denial', target: null },
    };
    const verified: IncidentChange = {
      type: 'VerificationSet',
      data: { incident: INCIDENT, level: 'verified_remote', severity: 'grave' },
    };
    const absorbed: IncidentChange = {
      type: 'IncidentAbsorbed',
      data: {
        incident: INCIDENT,
        from: OTHER,
        carried: [carried('r-0')],
        claims: [{ by: 'hezbollah', claimType: 'exclusion', target: 'jfs', outcome: 'rejected' }],
        verification: null,
        attribution: { level: 'probable', actors: ['saa'] },
      },
    };
    const fact = fold(submitted('r-1'), claim, verified, absorbed);
    expect(reportsOf(fact)).toEqual(['r-0', 'r-1']);
    expect(fact?.claims.map(({ claim: n, by, outcome }) => [n, by, outcome])).toEqual([
      [1, 'saa', null],
      [2, 'hezbollah', 'rejected'],
    ]);
    expect(fact?.verification).toEqual({ level: 'verified_remote', severity: 'grave' });
    expect(fact?.attribution).toEqual({ level: 'probable', actors: ['saa'] });
  });

  it('stores the outcome of a claim', () => {
    const claim: IncidentChange = {
      type: 'ClaimMade',
      data: { incident: INCIDENT, claim: 1, by: 'saa', claimType: 'exclusion', target: 'jfs' },
    };
    const assessed: IncidentChange = {
      type: 'ClaimAssessed',
      data: { incident: INCIDENT, claim: 1, outcome: 'upheld' },
    };
    expect(fold(submitted('r-1'), claim, assessed)?.claims).toEqual([
      { claim: 1, by: 'saa', type: 'exclusion', target: 'jfs', outcome: 'upheld' },
    ]);
  });

  it('stays the same object when an event changes nothing', () => {
    const before = fold(submitted('r-1'));
    const moved: IncidentChange = {
      type: 'ReportReassigned',
      data: { report: 'r-9', from: OTHER, incident: INCIDENT },
    };
    expect(foldIncident(before, moved)).toBe(before);
    expect(incidentOf(moved)).toBe(INCIDENT);
  });
});
