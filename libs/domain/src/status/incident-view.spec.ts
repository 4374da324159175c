import { describe, expect, it } from '@jest/globals';
import { secondsOf, startOfDamascusDay } from '../time.js';
import { FRAMEWORK, incident, NOON, report } from './facts.fixture.js';
import type { IncidentFact, ReportFact } from './facts.js';
import { incidentView, type IncidentView } from './incident-view.js';

function viewOf(fact: Partial<IncidentFact>): IncidentView {
  const view = incidentView(incident(fact), FRAMEWORK.alignments);
  if (!view) throw new Error('no report');
  return view;
}

function viewOfReports(...reports: readonly Partial<ReportFact>[]): IncidentView {
  return viewOf({
    reports: reports.map((some, index) => report({ report: `r${index}`, monitor: `m${index}`, ...some })),
  });
}

describe('an incident', () => {
  it('has the interval and the kind of its most precise report', () => {
    const view = viewOfReports(
      { precision: 'day', from: NOON - 7_200, to: null, kind: 'air_strike' },
      { precision: 'hour', from: NOON, to: NOON + 600, kind: 'indirect_fire' },
    );
    expect(view).toMatchObject({ from: NOON, to: NOON + 600, kind: 'indirect_fire' });
    expect(view.kinds).toEqual(['air_strike', 'indirect_fire']);
  });

  it('takes the earliest of equally precise reports, then the one with the smallest id', () => {
    expect(viewOfReports({ from: NOON + 1 }, { from: NOON }).lead.report).toBe('r1');
    expect(viewOfReports({ report: 'b' }, { report: 'a' }, { report: 'c' }).lead.report).toBe('a');
  });

  it('lasts one unit of its precision where no end was reported', () => {
    const from = startOfDamascusDay('2017-03-30');
    expect(viewOfReports({ from, to: null, precision: 'hour' }).to).toBe(from + 3_600);
    expect(viewOfReports({ from, to: null, precision: 'day' }).to).toBe(startOfDamascusDay('2017-03-31'));
    expect(viewOfReports({ from, to: null, precision: 'week' }).to).toBe(secondsOf('2017-04-05T21:00:00Z'));
    expect(viewOfReports({ from, to: null, precision: 'month' }).to).toBe(startOfDamascusDay('2017-04-30'));
  });

  it('may end when it begins', () => {
    expect(viewOfReports({ from: NOON, to: NOON })).toMatchObject({ from: NOON, to: NOON });
  });

  it('unites the accused, the targets and the regions of its reports', () => {
    const view = viewOfReports(
      { accused: ['saa'], target: 'fsa', regions: ['SY', 'SY03'] },
      { accused: ['hezbollah', 'saa'], target: null, regions: ['SY', 'SY09'], organisation: 'sana' },
    );
    expect(view).toMatchObject({
      accused: ['hezbollah', 'saa'],
      targets: ['fsa'],
      regions: ['SY', 'SY03', 'SY09'],
      alignments: ['government', 'opposition'],
      monitors: 2,
      reports: 2,
    });
  });

  it('has the widest range of the casualties in its reports', () => {
    const view = viewOfReports(
      { casualties: { killed: { min: 7, max: 9 }, injured: null } },
      { casualties: { killed: { min: 10, max: 12 }, injured: null } },
    );
    expect(view.casualties).toEqual({ killed: { min: 7, max: 12 }, injured: null });
  });

  it('ignores a withdrawn report, unless all of them are withdrawn', () => {
    const withdrawn = { from: NOON - 60, accused: ['ypg'], withdrawn: true, precision: 'minute' } as const;
    expect(viewOfReports(withdrawn, { precision: 'day' })).toMatchObject({
      from: NOON,
      accused: ['saa'],
      withdrawn: false,
    });
    expect(viewOfReports(withdrawn)).toMatchObject({ from: NOON - 60, accused: ['ypg'], withdrawn: true, monitors: 0 });
  });

  it('has no view when it has no reports', () => {
    expect(incidentView(incident({ reports: [] }), FRAMEWORK.alignments)).toBeNull();
  });
});

describe('the severity of an incident', () => {
  it('is the default of its kind when no report states one', () => {
    expect(viewOfReports({ kind: 'killing_of_negotiator' }).severity).toBe('grave');
    expect(viewOfReports({ kind: 'air_strike' }).severity).toBe('serious');
    expect(viewOfReports({ kind: 'detention' }).severity).toBe('moderate');
    expect(viewOfReports({ kind: 'overflight' }).severity).toBe('minor');
  });

  it('is the highest stated by a report, or else the highest default of the kinds', () => {
    expect(viewOfReports({ severity: 'minor', kind: 'chemical' }, { severity: 'moderate' }).severity).toBe('moderate');
    expect(viewOfReports({ kind: 'overflight' }, { kind: 'air_strike' }).severity).toBe('serious');
  });

  it('is what a verifier set', () => {
    const verification = { level: 'verified_remote', severity: 'minor' } as const;
    expect(viewOf({ reports: [report({ severity: 'grave' })], verification })).toMatchObject({
      severity: 'minor',
      level: 'verified_remote',
    });
  });
});

describe('the level of an incident that nobody has verified', () => {
  const government = { organisation: 'sana' };
  const opposition = { organisation: 'shaam' };

  it('is reported while only one monitor reports it, by any means', () => {
    expect(
      viewOfReports({ ...government, monitor: 'm' }, { ...opposition, monitor: 'm', means: 'imagery' }).level,
    ).toBe('reported');
  });

  it('rises with another monitor of another alignment', () => {
    expect(viewOfReports(government, opposition).level).toBe('corroborated');
    expect(viewOfReports(government, { organisation: 'never-heard-of' }).level).toBe('corroborated');
  });

  it('does not rise with a second organisation of the same alignment', () => {
    expect(viewOfReports({ organisation: 'shaam' }, { organisation: 'orient' }).level).toBe('reported');
    expect(viewOfReports({ organisation: 'new-1' }, { organisation: 'new-2' }).level).toBe('reported');
  });

  it('rises where one saw it and another recorded it', () => {
    expect(viewOfReports({ means: 'heard' }, { means: 'crater_analysis' }).level).toBe('corroborated');
    expect(viewOfReports({ means: 'seen' }, { means: 'interview' }).level).toBe('reported');
  });

  it('does not rise by documents and hearsay', () => {
    expect(viewOfReports(government, { ...opposition, means: 'hearsay' }).level).toBe('reported');
    expect(viewOfReports({ means: 'seen' }, { means: 'document' }).level).toBe('reported');
  });

  it('falls back when the corroborating report is withdrawn', () => {
    expect(viewOfReports(government, { ...opposition, withdrawn: true }).level).toBe('reported');
  });

  it('is what a person set, whatever the reports are', () => {
    const reports = [report(government), report({ ...opposition, report: 'r2', monitor: 'm2' })];
    expect(viewOf({ reports, verification: { level: 'refuted', severity: null } }).level).toBe('refuted');
  });
});
