import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import type { CarriedReport } from '../report/report-events.js';
import type { IncidentEvent } from './incident-events.js';
import { incident, requireOpenIncident, type IncidentCommand } from './incident.js';

function carried(report: string): CarriedReport {
  return {
    report,
    source: { monitor: 'monitor-1', organisation: 'organisation-1' },
    withdrawn: false,
    content: {
      occurred: { from: '2017-01-15T10:00:00Z', to: null, precision: 'minute' },
      place: { region: 'SY', regions: ['SY'], precision: null },
      kind: 'indirect_fire',
      severity: null,
      means: 'seen',
      accused: [],
      target: null,
      casualties: { killed: null, injured: null },
      quantity: null,
      language: null,
      evidenceCount: 0,
    },
  };
}

const opened: IncidentEvent = {
  type: 'IncidentOpened',
  data: { incident: 'i1', report: 'r1', splitFrom: null, carried: [] },
};
const linked: IncidentEvent = {
  type: 'ReportLinked',
  data: { incident: 'i1', report: 'r2', from: null, carried: null },
};
const merged: IncidentEvent = { type: 'IncidentMerged', data: { incident: 'i1', into: 'i9' } };
const denial: IncidentEvent = {
  type: 'ClaimMade',
  data: { incident: 'i1', claim: 1, by: 'saa', claimType: 'denial', target: null },
};
const exclusion: IncidentEvent = {
  type: 'ClaimMade',
  data: { incident: 'i1', claim: 2, by: 'saa', claimType: 'exclusion', target: 'jfs' },
};

describe('an incident', () => {
  it('opens once, with its first report', () => {
    const open = { type: 'OpenIncident', incident: 'i1', report: 'r1' } as const;
    expect(given(incident).when(open)).toEqual([opened]);
    expect(() => given(incident, opened).when(open)).toThrow('already open');
  });

  it('opens with the reports split from another', () => {
    const reports = [carried('r1'), carried('r2')];
    const { when } = given(incident);
    expect(when({ type: 'OpenSplitIncident', incident: 'i2', splitFrom: 'i1', carried: reports })).toEqual([
      { type: 'IncidentOpened', data: { incident: 'i2', report: 'r1', splitFrom: 'i1', carried: reports } },
    ]);
  });

  it('links a report once', () => {
    const link = { type: 'LinkReport', report: 'r2', from: null, carried: null } as const;
    expect(given(incident, opened).when(link)).toEqual([linked]);
    expect(given(incident, opened, linked).when(link)).toEqual([]);
  });

  it('unlinks a report', () => {
    const unlink = { type: 'UnlinkReport', report: 'r2', to: 'i2' } as const;
    const unlinked: IncidentEvent = { type: 'ReportUnlinked', data: { incident: 'i1', report: 'r2', to: 'i2' } };
    expect(given(incident, opened, linked).when(unlink)).toEqual([unlinked]);
    expect(requireOpenIncident(given(incident, opened, linked, unlinked).state).reports).toEqual(['r1']);
  });

  it('refuses to unlink its only report', () => {
    expect(() => given(incident, opened).when({ type: 'UnlinkReport', report: 'r1', to: 'i2' })).toThrow(
      'without a report',
    );
  });

  it('refuses to unlink a report that it does not have', () => {
    const strange = { type: 'UnlinkReport', report: 'r7', to: 'i2' } as const;
    expect(() => given(incident, opened).when(strange)).toThrow('Report r7 does not belong to incident i1');
  });

  it('splits, but keeps at least one report', () => {
    const split: IncidentEvent = { type: 'IncidentSplit', data: { incident: 'i1', into: 'i2', reports: ['r1'] } };
    const { when } = given(incident, opened, linked);
    expect(when({ type: 'SplitIncident', reports: ['r1'], into: 'i2' })).toEqual([split]);
    expect(() => when({ type: 'SplitIncident', reports: ['r1', 'r2'], into: 'i2' })).toThrow('without a report');
    expect(requireOpenIncident(given(incident, opened, linked, split).state).reports).toEqual(['r2']);
  });

  it('is merged into another, not into itself', () => {
    expect(given(incident, opened).when({ type: 'MergeIncident', into: 'i9' })).toEqual([merged]);
    expect(() => given(incident, opened).when({ type: 'MergeIncident', into: 'i1' })).toThrow('name another one');
  });

  it('absorbs another with its reports and claims, and keeps its own findings', () => {
    const other = requireOpenIncident(
      given(
        incident,
        { type: 'IncidentOpened', data: { incident: 'i2', report: 'r3', splitFrom: null, carried: [] } },
        { type: 'ClaimMade', data: { incident: 'i2', claim: 1, by: 'fsa', claimType: 'assertion', target: null } },
        { type: 'VerificationSet', data: { incident: 'i2', level: 'refuted', severity: null } },
        { type: 'AttributionSet', data: { incident: 'i2', level: 'attributed', actors: ['saa'] } },
      ).state,
    );
    const verified: IncidentEvent = {
      type: 'VerificationSet',
      data: { incident: 'i1', level: 'verified_remote', severity: 'grave' },
    };
    const absorbed = given(incident, opened, denial, verified).when({
      type: 'AbsorbIncident',
      other,
      carried: [carried('r3')],
    });
    expect(absorbed).toEqual([
      {
        type: 'IncidentAbsorbed',
        data: {
          incident: 'i1',
          from: 'i2',
          carried: [carried('r3')],
          claims: [{ by: 'fsa', claimType: 'assertion', target: null, outcome: null }],
          verification: null,
          attribution: { level: 'attributed', actors: ['saa'] },
        },
      },
    ]);
    expect(given(incident, opened, denial, verified, ...absorbed).state).toMatchObject({
      reports: ['r1', 'r3'],
      claims: [{ by: 'saa' }, { by: 'fsa' }],
      verification: { level: 'verified_remote', severity: 'grave' },
      attribution: { level: 'attributed', actors: ['saa'] },
    });
  });

  it.each<IncidentCommand>([
    { type: 'LinkReport', report: 'r2', from: null, carried: null },
    { type: 'UnlinkReport', report: 'r1', to: 'i2' },
    { type: 'SplitIncident', reports: ['r1'], into: 'i2' },
    { type: 'MergeIncident', into: 'i2' },
    { type: 'SetVerification', level: 'corroborated', severity: null },
    { type: 'Attribute', level: 'pending', actors: [] },
    { type: 'MakeClaim', by: 'saa', claimType: 'denial', target: null },
    { type: 'AssessClaim', claim: 1, outcome: 'upheld' },
  ])('refuses $type once merged, and names the surviving incident', (command) => {
    expect(() => given(incident, opened, merged).when(command)).toThrow('merged into i9: send the command there');
  });

  it('is verified, with the severity that the verifier found', () => {
    const { when } = given(incident, opened);
    expect(when({ type: 'SetVerification', level: 'verified_on_site', severity: 'grave' })).toEqual([
      { type: 'VerificationSet', data: { incident: 'i1', level: 'verified_on_site', severity: 'grave' } },
    ]);
  });

  it('keeps the severity that was found until it is found otherwise', () => {
    const found: IncidentEvent = {
      type: 'VerificationSet',
      data: { incident: 'i1', level: 'verified_remote', severity: 'grave' },
    };
    const { when } = given(incident, opened, found);
    const severityAfter = (severity?: null): unknown =>
      when({ type: 'SetVerification', level: 'verified_on_site', ...(severity === null ? { severity } : {}) });
    expect(severityAfter()).toMatchObject([{ data: { severity: 'grave' } }]);
    expect(severityAfter(null)).toMatchObject([{ data: { severity: null } }]);
  });

  it('is attributed to actors', () => {
    const { when } = given(incident, opened);
    expect(when({ type: 'Attribute', level: 'probable', actors: ['saa'] })).toEqual([
      { type: 'AttributionSet', data: { incident: 'i1', level: 'probable', actors: ['saa'] } },
    ]);
    expect(() => when({ type: 'Attribute', level: 'attributed', actors: [] })).toThrow('needs at least one actor');
  });

  it('refuses actors in a withheld attribution', () => {
    const { when } = given(incident, opened);
    expect(() => when({ type: 'Attribute', level: 'withheld', actors: ['saa'] })).toThrow('leave actors empty');
  });

  it('numbers its claims', () => {
    expect(given(incident, opened).when({ type: 'MakeClaim', by: 'saa', claimType: 'denial', target: null })).toEqual([
      denial,
    ]);
    expect(
      given(incident, opened, denial).when({ type: 'MakeClaim', by: 'saa', claimType: 'exclusion', target: 'jfs' }),
    ).toEqual([exclusion]);
  });

  it('requires a target in an exclusion claim', () => {
    const claim = { type: 'MakeClaim', by: 'saa', claimType: 'exclusion', target: null } as const;
    expect(() => given(incident, opened).when(claim)).toThrow('needs in target');
  });

  it('has its exclusion claims assessed, and assessed again', () => {
    const rejected: IncidentEvent = { type: 'ClaimAssessed', data: { incident: 'i1', claim: 2, outcome: 'rejected' } };
    const { when } = given(incident, opened, denial, exclusion, rejected);
    expect(when({ type: 'AssessClaim', claim: 2, outcome: 'upheld' })).toEqual([
      { type: 'ClaimAssessed', data: { incident: 'i1', claim: 2, outcome: 'upheld' } },
    ]);
    expect(() => when({ type: 'AssessClaim', claim: 1, outcome: 'upheld' })).toThrow('only exclusion claims');
    expect(() => when({ type: 'AssessClaim', claim: 3, outcome: 'upheld' })).toThrow('has 2 claims');
  });
});
