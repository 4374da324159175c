import { beforeEach, describe, expect, it } from '@jest/globals';
import { judgementWorld, requestOf, type JudgementWorld } from '../judgement.fixture.js';
import { IncidentReader } from './incident-reader.js';
import { reported } from './incident.fixture.js';
import { MoveReports, MoveReportsHandler, type MoveResult, type Movement } from './move-reports.handler.js';

let world: JudgementWorld;
let handler: MoveReportsHandler;
beforeEach(async () => {
  world = await judgementWorld();
  await reported(world, 'r1', 'i1');
  await reported(world, 'r2', 'i1');
  await reported(world, 'r3', 'i2');
  handler = new MoveReportsHandler(world.log, new IncidentReader(world.log), world.pseudonyms);
});

function move(incident: string, movement: Movement, ifMatch: number | null = null): Promise<MoveResult> {
  return handler.execute(new MoveReports(incident, movement, requestOf({ handle: 'verifier-1' }, ifMatch)));
}

describe('MoveReports', () => {
  it('links a report to another incident, in one append', async () => {
    const { incident, position } = await move('i2', { type: 'LinkReport', report: 'r1' });
    expect(incident).toBe('i2');
    expect((await world.lastOf('report-r1'))?.type).toBe('ReportReassigned');
    const moved = [await world.lastOf('incident-i1'), await world.lastOf('incident-i2')];
    expect(moved).toMatchObject([{ commandEnd: position }, { type: 'ReportLinked', commandEnd: position }]);
  });

  it('merges an incident that is left without a report', async () => {
    await move('i1', { type: 'LinkReport', report: 'r3' });
    expect((await world.lastOf('incident-i2'))?.type).toBe('IncidentMerged');
  });

  it('unlinks a report to an incident of its own, which a repeat names again', async () => {
    const first = await move('i1', { type: 'UnlinkReport', report: 'r2' });
    expect(await world.typesOf(`incident-${first.incident}`)).toEqual(['IncidentOpened']);
    expect(await move('i1', { type: 'UnlinkReport', report: 'r2' })).toEqual({ ...first, isNew: false });
  });

  it('unlinks again after the report came back', async () => {
    const first = await move('i1', { type: 'UnlinkReport', report: 'r2' });
    await move('i1', { type: 'LinkReport', report: 'r2' });
    const second = await move('i1', { type: 'UnlinkReport', report: 'r2' });
    expect(second).toMatchObject({ isNew: true });
    expect(second.incident).not.toBe(first.incident);
  });

  it('splits reports off, and merges incidents', async () => {
    const { incident } = await move('i1', { type: 'SplitIncident', reports: ['r2', 'r2'] });
    expect(await move(incident, { type: 'MergeIncident', into: 'i2' })).toMatchObject({ incident: 'i2' });
    expect((await world.lastOf(`incident-${incident}`))?.type).toBe('IncidentMerged');
    expect((await world.lastOf('incident-i2'))?.type).toBe('IncidentAbsorbed');
  });

  it.each([
    ['report', 'i1', { type: 'LinkReport', report: 'r9' }, '/report'],
    ['report of a split', 'i1', { type: 'SplitIncident', reports: ['r1', 'r9'] }, '/reports/1'],
    ['incident', 'i1', { type: 'MergeIncident', into: 'i9' }, '/into'],
  ] as const)('refuses an unknown %s', async (_, incident, movement, pointer) => {
    await expect(move(incident, movement)).rejects.toMatchObject({ name: 'UnknownName', pointer });
  });

  it('refuses an unknown incident, a merge into itself and a stale version', async () => {
    await expect(move('i9', { type: 'LinkReport', report: 'r1' })).rejects.toMatchObject({ status: 404 });
    await expect(move('i1', { type: 'MergeIncident', into: 'i1' })).rejects.toMatchObject({ name: 'Refusal' });
    await expect(move('i2', { type: 'LinkReport', report: 'r1' }, 5)).rejects.toMatchObject({ name: 'StaleVersion' });
  });

  it('leaves each report in one incident when several are moved at once', async () => {
    const moves = await Promise.allSettled([
      move('i2', { type: 'LinkReport', report: 'r1' }),
      move('i1', { type: 'UnlinkReport', report: 'r1' }),
      move('i1', { type: 'MergeIncident', into: 'i2' }),
    ]);
    expect(moves.some(({ status }) => status === 'fulfilled')).toBe(true);
    const reader = new IncidentReader(world.log);
    const states = await Promise.all(['i1', 'i2'].map((id) => reader.get(id)));
    const owners = states.filter((state) => state.status === 'open' && state.reports.includes('r1'));
    expect(owners.length).toBeLessThanOrEqual(1);
  });
});
