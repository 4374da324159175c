import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '#database';
import type { DomainEvent, ReportKind, ViolationContent } from '#domain';
import { newTraceContext } from '#platform';
import { digest, rebuild } from '#projection';
import { appendStatusChange, append } from '../../../../test/support/alerting.js';
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { AlertsProjection } from './alerts-projection.js';

const projection = new AlertsProjection(30);
let database: TestDatabase;
let folded = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

type Row = {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly region: string;
  readonly supersedes: string | null;
};

/** Applies the new events as one batch and returns the inserted rows. */
async function fold(): Promise<readonly Row[]> {
  const batch = await database.log.read(folded, 1_000);
  await inTransaction(database.databases.analysis, (session) => projection.apply(batch, session));
  const rows = await database.databases.analysis<Row[]>`
    select position, id, type, region, supersedes from alert where position > ${folded} order by position`;
  folded = batch.at(-1)?.position ?? folded;
  return [...rows];
}

function restatement(region: string): DomainEvent {
  const span = { from: '2017-01-06T22:00:00Z', to: null };
  return {
    type: 'StatusRestated',
    data: {
      ...{ region, lens: 'strict', modalities: 'astana-1', restsOn: 1, at: span.from, alert: true },
      ...{ until: '2017-01-10T22:00:00Z', before: [{ ...span, status: 'holding' }] },
      after: [{ ...span, status: 'violated' }],
    },
  };
}

function grave(report: string, incident: string, kind: ReportKind = 'chemical'): Promise<number> {
  const place = { region: 'SY0307', regions: ['SY', 'SY03', 'SY0307'], precision: null };
  const occurred = { from: new Date().toISOString(), to: null, precision: 'minute' } as const;
  const content: ViolationContent = {
    ...{ occurred, place, kind, severity: null, means: 'seen', accused: [], target: null },
    ...{ casualties: { killed: null, injured: null }, quantity: null, language: null, evidenceCount: 0 },
  };
  const source = { monitor: 'm', organisation: 'o' };
  const data = { report, type: 'violation', incident, source, flags: [], content } as const;
  return append(database, `report-${report}`, incident, { type: 'ReportSubmitted', data });
}

describe('the alerts projection', () => {
  it('inserts one row per announcement, at its position', async () => {
    const position = await appendStatusChange(database, 'SY03', 'holding', 'violated');
    await append(database, 'report-x', 'x', { type: 'ReportWithdrawn', data: { report: 'x', incident: null } });
    expect(await fold()).toMatchObject([{ position, type: 'status_changed', region: 'SY03', supersedes: null }]);
  });

  it('makes a restatement supersede the last status alert of its region, in an earlier batch or in the same one', async () => {
    await appendStatusChange(database, 'SY02', 'holding', 'strained');
    const [earlier, other] = [...(await fold())];
    await append(database, 'status-strict-SY02', 'SY02', restatement('SY02'));
    await appendStatusChange(database, 'SY02', 'strained', 'violated');
    await appendStatusChange(database, 'SY0307', 'strained', 'violated');
    await append(database, 'status-strict-SY02', 'SY02', restatement('SY02'));
    const [first, changed, , second] = await fold();
    expect(other).toBeUndefined();
    expect(first).toMatchObject({ type: 'status_restated', supersedes: earlier?.id });
    expect(changed).toMatchObject({ type: 'status_changed', supersedes: null });
    expect(second).toMatchObject({ type: 'status_restated', supersedes: changed?.id });
  });

  it('supersedes nothing where there is no earlier alert', async () => {
    await append(database, 'status-strict-SY05', 'SY05', restatement('SY05'));
    expect(await fold()).toMatchObject([{ type: 'status_restated', supersedes: null }]);
  });

  it('inserts one alert per grave incident, at its first report, in one batch and over several', async () => {
    await grave('r1', 'i1', 'small_arms_fire');
    const first = await grave('r2', 'i1');
    await grave('r3', 'i1');
    const other = await grave('r4', 'i2');
    expect((await fold()).map(({ position }) => position)).toEqual([first, other]);
    await grave('r5', 'i1');
    expect(await fold()).toEqual([]);
  });

  it('stores the trace context of the event, and none for an event without one', async () => {
    const traceContext = newTraceContext();
    await appendStatusChange(database, 'SY06', 'holding', 'violated', traceContext);
    await appendStatusChange(database, 'SY06', 'violated', 'strained');
    const made = await fold();
    const rows = await database.databases.analysis`
      select trail from alert where position = any(${made.map(({ position }) => position)}) order by position`;
    expect(rows.map((row) => row['trail'] as unknown)).toEqual([traceContext, null]);
  });

  it('gives the same rows when it is rebuilt', async () => {
    const { log, databases } = database;
    const before = await digest(projection, databases.analysis);
    await rebuild(projection, { log, sql: databases.analysis });
    expect(before[0]?.rows).toBe(11);
    expect(await digest(projection, databases.analysis)).toEqual(before);
  });
});
