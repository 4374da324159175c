import { describe, expect, it } from '@jest/globals';
import { given } from '../given.fixture.js';
import { report, type Report, type Submission } from '../report/report.js';
import { incident, requireOpenIncident, type Incident } from './incident.js';
import { linkReport, mergeIncidents, splitIncident, unlinkReport, type StreamChange } from './moves.js';

type Violation = Extract<Submission, { type: 'violation' }>;

function violation(id: string, of: string): Violation {
  return {
    report: id,
    type: 'violation',
    incident: of,
    source: { monitor: `monitor-${id}`, organisation: 'organisation-1' },
    flags: [],
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

const reported = (id: string, of: string): Report =>
  given(report, { type: 'ReportSubmitted', data: violation(id, of) }).state;

const holding = (id: string, first: string, ...others: readonly string[]): Incident =>
  given(
    incident,
    { type: 'IncidentOpened', data: { incident: id, report: first, splitFrom: null, carried: [] } },
    ...others.map((other) => ({
      type: 'ReportLinked' as const,
      data: { incident: id, report: other, from: null, carried: null },
    })),
  ).state;

const carried = (id: string, of: string): object => {
  const { report: name, source, content } = violation(id, of);
  return { report: name, source, withdrawn: false, content };
};

/** The state of every incident, by its id, once the changes are applied. */
function after(moves: readonly StreamChange[], before: Readonly<Record<string, Incident>>): Record<string, Incident> {
  const states = { ...before };
  for (const move of moves) {
    if (move.of !== 'incident') continue;
    states[move.id] = move.events.reduce(incident.evolve, states[move.id] ?? incident.initialState);
  }
  return states;
}

const touched = (moves: readonly StreamChange[]): readonly string[] => moves.map(({ of, id }) => `${of} ${id}`).sort();

describe('a report that is linked to another incident', () => {
  it('moves with its content', () => {
    const moves = linkReport(reported('r2', 'i1'), holding('i1', 'r1', 'r2'), holding('i2', 'r3'));
    expect(moves.flatMap((move) => [...move.events])).toEqual([
      { type: 'ReportReassigned', data: { report: 'r2', from: 'i1', incident: 'i2' } },
      { type: 'ReportUnlinked', data: { incident: 'i1', report: 'r2', to: 'i2' } },
      { type: 'ReportLinked', data: { incident: 'i2', report: 'r2', from: 'i1', carried: carried('r2', 'i1') } },
    ]);
  });

  it('merges the incident when it was its only report', () => {
    const before = { i1: holding('i1', 'r1'), i2: holding('i2', 'r2') };
    const moves = linkReport(reported('r1', 'i1'), before.i1, before.i2);
    expect(after(moves, before)).toMatchObject({
      i1: { status: 'merged', into: 'i2' },
      i2: { status: 'open', reports: ['r2', 'r1'] },
    });
    expect(touched(moves)).toEqual(['incident i1', 'incident i2', 'report r1']);
  });

  it('changes nothing when it is already there', () => {
    expect(linkReport(reported('r1', 'i1'), holding('i1', 'r1'), holding('i1', 'r1'))).toEqual([]);
  });
});

describe('a report that is unlinked', () => {
  it('gets an incident of its own', () => {
    const before = { i1: holding('i1', 'r1', 'r2') };
    const moves = unlinkReport(reported('r2', 'i1'), before.i1, 'i2');
    expect(after(moves, before)).toMatchObject({ i1: { reports: ['r1'] }, i2: { status: 'open', reports: ['r2'] } });
    expect(touched(moves)).toEqual(['incident i1', 'incident i2', 'report r2']);
  });
});

describe('an incident that is split', () => {
  it('moves several reports to one new incident', () => {
    const before = { i1: holding('i1', 'r1', 'r2', 'r3') };
    const moves = splitIncident([reported('r2', 'i1'), reported('r3', 'i1')], before.i1, 'i2');
    expect(after(moves, before)).toMatchObject({ i1: { reports: ['r1'] }, i2: { reports: ['r2', 'r3'] } });
    expect(touched(moves)).toEqual(['incident i1', 'incident i2', 'report r2', 'report r3']);
  });
});

describe('an incident that is merged', () => {
  it('moves everything to the other and points to it', () => {
    const before = { i1: holding('i1', 'r1', 'r2'), i2: holding('i2', 'r3') };
    const moves = mergeIncidents(before.i1, before.i2, [reported('r1', 'i1'), reported('r2', 'i1')]);
    expect(after(moves, before)).toMatchObject({
      i1: { status: 'merged', into: 'i2' },
      i2: { reports: ['r3', 'r1', 'r2'] },
    });
    expect(touched(moves)).toEqual(['incident i1', 'incident i2', 'report r1', 'report r2']);
  });

  it('cannot have the other merged back into it', () => {
    const before = { i1: holding('i1', 'r1'), i2: holding('i2', 'r2') };
    const states = after(mergeIncidents(before.i1, before.i2, [reported('r1', 'i1')]), before);
    const { i1, i2 } = { ...before, ...states };
    expect(requireOpenIncident(i2).reports).toEqual(['r2', 'r1']);
    expect(() => mergeIncidents(i2, i1, [reported('r2', 'i2')])).toThrow('merged into i2');
  });
});
