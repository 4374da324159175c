import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { runApp, type TestUser, type RunningApp } from '../../../test/support/running-app.js';
import { newIncidentId } from './incident-id.js';
import { IntakeModule } from './intake.module.js';

const MONITOR: TestUser = { handle: 'abu-khalil', organisation: 'valley-media', roles: ['monitor'] };
const OTHER: TestUser = { handle: 'umm-salim', organisation: 'relief', roles: ['monitor'] };
const VERIFIER: TestUser = { handle: 'verifier-1', roles: ['verifier'] };
const ANALYST: TestUser = { handle: 'analyst-1', roles: ['analyst'] };

let running: RunningApp;
beforeAll(async () => {
  running = await runApp([IntakeModule]);
});
afterAll(() => running.close());

function violation(members: object = {}): { readonly id: string } & Record<string, unknown> {
  return {
    id: randomUUID(),
    type: 'violation',
    occurred: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T10:20:00Z', precision: 'hour' },
    place: { region: 'SY030702', name: 'Ain al-Fijah', point: { lon: 36.18, lat: 33.615 }, precision: 'settlement' },
    kind: 'indirect_fire',
    severity: 'grave',
    means: 'interview',
    accused: ['saa'],
    target: { actor: 'civilians' },
    casualties: { killed: { min: 7, max: 12 }, injured: null },
    narrative: 'a hall was hit',
    evidence: [{ sha256: 'a'.repeat(64), mediaType: 'image/jpeg' }],
    source: { name: 'a resident', url: 'https://example.org/1' },
    ...members,
  };
}

function nil(members: object = {}): { readonly id: string } & Record<string, unknown> {
  const observed = { from: '2017-01-15T06:00:00Z', to: '2017-01-15T18:00:00Z' };
  return { id: randomUUID(), type: 'nil', observed, area: { region: 'SY0307' }, means: 'seen', ...members };
}

async function head(): Promise<number> {
  return (await running.database.log.head()).position;
}

describe('POST /v1/reports', () => {
  it('stores a violation, opens its incident and answers its regions', async () => {
    const report = violation();
    const { status, etag, body } = await running.post('/v1/reports', report, MONITOR);
    expect(status).toBe(201);
    expect(etag).toBe('"1"');
    expect(body).toEqual({
      id: report.id,
      incident: newIncidentId(report.id),
      position: await head(),
      recordedAt: expect.stringMatching(/Z$/),
      regions: ['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada'],
      flags: [],
    });
    const [opened] = await running.database.log.readStream(`incident-${newIncidentId(report.id)}`);
    expect(opened).toMatchObject({
      type: 'IncidentOpened',
      key: newIncidentId(report.id),
      data: { report: report.id },
    });
  });

  it('stores a report once that 50 connections send at once, and answers all the same', async () => {
    const before = await head();
    const report = violation();
    const answers = await Promise.all(Array.from({ length: 50 }, () => running.post('/v1/reports', report, MONITOR)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 49 }, () => 200), 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await head()).toBe(before + 2);
  });

  it('answers a repeat as the first time, after an amendment too', async () => {
    const report = violation();
    const first = await running.post('/v1/reports', report, MONITOR);
    await running.post(`/v1/reports/${report.id}/amendments`, { means: 'recorded' }, MONITOR);
    const before = await head();
    const again = await running.post('/v1/reports', { ...report, incident: null }, MONITOR);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await head()).toBe(before);
  });

  it('refuses an id with other content or from another monitor', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const before = await head();
    const other = await running.post('/v1/reports', { ...report, severity: 'minor' }, MONITOR);
    expect([other.status, other.body['code']]).toEqual([409, 'id-reused']);
    const stolen = await running.post('/v1/reports', report, OTHER);
    expect([stolen.status, stolen.body['code']]).toEqual([409, 'id-reused']);
    expect(await head()).toBe(before);
  });

  it('finds the region of a point and flags how it was found', async () => {
    const report = violation({ place: { point: { lon: 36.18, lat: 33.615 } } });
    const { status, body } = await running.post('/v1/reports', report, MONITOR);
    expect(status).toBe(201);
    expect(body['flags']).toEqual(['located_by_nearest_centre']);
    expect(body['regions']).toEqual(expect.arrayContaining(['SY', 'SY03', 'wadi-barada']));
  });

  it('places a point far from every centre in a governorate, flagged, and refuses one abroad', async () => {
    const rukban = violation({ place: { point: { lon: 38.6593, lat: 33.3258 } } });
    const { status, body } = await running.post('/v1/reports', rukban, MONITOR);
    expect([status, body['flags']]).toEqual([201, ['located_by_nearest_centre']]);
    expect(body['regions']).toHaveLength(2);
    const baghdad = violation({ place: { point: { lon: 44.36, lat: 33.31 } } });
    expect((await running.post('/v1/reports', baghdad, MONITOR)).status).toBe(422);
  });

  it('names similar actors for an unknown one', async () => {
    const { status, body } = await running.post('/v1/reports', violation({ accused: ['Hezbolah'] }), MONITOR);
    expect(status).toBe(422);
    expect(body['detail']).toContain('did you mean hezbollah');
  });

  it('accepts a point outside the named region and flags it', async () => {
    const report = violation({ place: { region: 'SY0901', point: { lon: 36.18, lat: 33.615 } } });
    const { status, body } = await running.post('/v1/reports', report, MONITOR);
    expect([status, body['flags']]).toEqual([201, ['point_outside_region']]);
  });

  it('joins the incident that it names', async () => {
    const first = await running.post('/v1/reports', violation(), MONITOR);
    const second = violation({ incident: first.body['incident'], means: 'recorded' });
    const answer = await running.post('/v1/reports', second, OTHER);
    expect([answer.status, answer.body['incident']]).toEqual([201, first.body['incident']]);
    const again = await running.post('/v1/reports', second, OTHER);
    expect([again.status, again.body]).toEqual([200, answer.body]);
    const history = await running.database.log.readStream(`incident-${String(first.body['incident'])}`);
    expect(history.map(({ type }) => type)).toEqual(['IncidentOpened', 'ReportLinked']);
  });

  it('stores nil and access-denied reports under the key of their region', async () => {
    const calm = nil();
    const denied = {
      id: randomUUID(),
      type: 'access_denied',
      observed: calm['observed'],
      area: { region: 'wadi-barada' },
      deniedBy: 'saa',
      reason: 'turned back at the checkpoint',
    };
    for (const [report, key] of [
      [calm, 'SY0307'],
      [denied, 'wadi-barada'],
    ] as const) {
      const { status, body } = await running.post('/v1/reports', report, MONITOR);
      expect([status, body['incident']]).toEqual([201, null]);
      const [stored] = await running.database.log.readStream(`report-${report.id}`);
      expect(stored?.key).toBe(key);
    }
  });

  it.each([
    ['an unknown actor', violation({ accused: ['saa', 'sa'] }), 422, '/accused/1'],
    ['an unknown target', violation({ target: { actor: 'nobody' } }), 422, '/target/actor'],
    ['an unknown region', violation({ place: { region: 'SY99' } }), 422, '/place/region'],
    ['a place nowhere near', violation({ place: { point: { lon: 0, lat: 0 } } }), 422, '/place/point'],
    ['an unknown incident', violation({ incident: randomUUID() }), 422, '/incident'],
    ['an unknown area', nil({ area: { region: 'XX' } }), 422, '/area/region'],
    ['the future', violation({ occurred: { from: '2999-01-01T00:00:00Z' } }), 400, '/occurred/from'],
    ['an impossible day', violation({ occurred: { from: '2017-02-30T00:00:00Z' } }), 400, '/occurred/from'],
    ['an unknown member', violation({ sevrity: 'grave' }), 400, '/sevrity'],
  ])('refuses %s, points to the member, and appends nothing to the log', async (_, report, status, pointer) => {
    const before = await head();
    const answer = await running.post('/v1/reports', report, MONITOR);
    expect([answer.status, answer.body['errors']]).toEqual([status, [expect.objectContaining({ pointer })]]);
    expect(await head()).toBe(before);
  });

  it('is for monitors only', async () => {
    expect((await running.post('/v1/reports', violation(), ANALYST)).status).toBe(403);
  });
});

describe('GET /v1/reports/{id}', () => {
  it('shows its author everything that they sent', async () => {
    const report = violation();
    const { body: receipt } = await running.post('/v1/reports', report, MONITOR);
    const { status, etag, body } = await running.get(`/v1/reports/${report.id}`, MONITOR);
    expect([status, etag]).toEqual([200, '"1"']);
    expect(body).toEqual({
      ...report,
      quantity: null,
      language: null,
      ...receipt,
      evidenceCount: 1,
      status: 'standing',
      monitor: 'abu-khalil',
      organisation: 'valley-media',
    });
  });

  it('shows a verifier the handle, the point, the text and the evidence, but not the source', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const { body } = await running.get(`/v1/reports/${report.id}`, VERIFIER);
    const { place, narrative, evidence } = report;
    expect(body).toMatchObject({ place, narrative, evidence, monitor: 'abu-khalil' });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['source']));
    expect(JSON.stringify(body)).not.toMatch(/valley-media|a resident|example\.org/);
  });

  it('shows an analyst only what endangers nobody', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const { body } = await running.get(`/v1/reports/${report.id}`, ANALYST);
    expect(body).toMatchObject({ kind: 'indirect_fire', evidenceCount: 1 });
    expect(body['place']).toEqual({ region: 'SY030702', precision: 'settlement' });
    expect(JSON.stringify(body)).not.toMatch(/abu-khalil|valley-media|Fijah|36\.18|a hall|aaaa|resident|example\.org/);
  });

  it('answers 404 to other monitors, and for an id that does not exist', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const foreign = await running.get(`/v1/reports/${report.id}`, OTHER);
    const absent = await running.get(`/v1/reports/${randomUUID()}`, MONITOR);
    expect([foreign, absent].map(({ status, body }) => [status, body['code']])).toEqual([
      [404, 'no-such-report'],
      [404, 'no-such-report'],
    ]);
  });
});

describe('POST /v1/reports/{id}/amendments', () => {
  it('changes the members that it names and keeps all others, confidential ones included', async () => {
    const report = violation();
    const { body: receipt } = await running.post('/v1/reports', report, MONITOR);
    const amended = await running.post(
      `/v1/reports/${report.id}/amendments`,
      { severity: null, narrative: 'two halls were hit', source: null },
      MONITOR,
    );
    expect([amended.status, amended.etag]).toEqual([200, '"2"']);
    expect(amended.body).toMatchObject({ id: report.id, incident: receipt['incident'], position: await head() });
    const { body } = await running.get(`/v1/reports/${report.id}`, MONITOR);
    const { place, evidence } = report;
    expect(body).toMatchObject({ place, evidence, severity: null, narrative: 'two halls were hit', source: null });
    expect(body).toMatchObject({ evidenceCount: 1, recordedAt: receipt['recordedAt'] });
  });

  it('resolves a place again only if the place is changed', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const { body } = await running.post(
      `/v1/reports/${report.id}/amendments`,
      { place: { region: 'SY0901' } },
      MONITOR,
    );
    expect(body['regions']).toEqual(['SY', 'SY09', 'SY0901']);
    expect((await running.get(`/v1/reports/${report.id}`, MONITOR)).body['place']).toEqual({
      region: 'SY0901',
      name: null,
      point: null,
      precision: null,
    });
  });

  it('keeps a nil report under its first key', async () => {
    const report = nil();
    await running.post('/v1/reports', report, MONITOR);
    await running.post(`/v1/reports/${report.id}/amendments`, { area: { region: 'SY10' } }, MONITOR);
    const history = await running.database.log.readStream(`report-${report.id}`);
    expect(history.map(({ key }) => key)).toEqual(['SY0307', 'SY0307']);
  });

  it('answers a repeat as the first time, and applies one that restores an earlier value as a new one', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const path = `/v1/reports/${report.id}/amendments`;
    const first = await running.post(path, { severity: 'minor' }, MONITOR);
    expect((await running.post(path, { severity: 'minor' }, MONITOR)).body).toEqual(first.body);
    await running.post(path, { severity: 'moderate' }, MONITOR);
    await running.post(path, { severity: 'minor' }, MONITOR);
    expect((await running.get(`/v1/reports/${report.id}`, MONITOR)).body['severity']).toBe('minor');
  });

  it('with an id of its own is not applied again, however late it is repeated', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const path = `/v1/reports/${report.id}/amendments`;
    const early = { id: randomUUID(), severity: 'minor' };
    const first = await running.post(path, early, MONITOR);
    await running.post(path, { severity: 'moderate' }, MONITOR);
    expect((await running.post(path, early, MONITOR)).body).toEqual(first.body);
    expect((await running.get(`/v1/reports/${report.id}`, MONITOR)).body['severity']).toBe('moderate');
    const reused = await running.post(path, { ...early, severity: 'serious' }, MONITOR);
    expect([reused.status, reused.body['code']]).toEqual([409, 'id-reused']);
  });

  it('accepts the complete report sent again with changes', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const path = `/v1/reports/${report.id}/amendments`;
    expect((await running.post(path, { ...report, means: 'recorded' }, MONITOR)).status).toBe(200);
    expect((await running.get(`/v1/reports/${report.id}`, MONITOR)).body).toMatchObject({
      ...report,
      means: 'recorded',
    });
  });

  it.each([
    ['members of another type', { observed: { from: '2017-01-15T06:00:00Z', to: '2017-01-15T07:00:00Z' } }, 400],
    ['a change that makes the report invalid', { casualties: { killed: { min: 2, max: 1 } } }, 400],
    ['nothing at all', {}, 400],
    ['an unknown actor', { accused: ['nobody'] }, 422],
    ['another type', { type: 'nil', means: 'seen' }, 409],
    ['another incident', { incident: randomUUID(), means: 'seen' }, 409],
  ])('refuses %s and appends nothing to the log', async (_, amendment, status) => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const before = await head();
    expect((await running.post(`/v1/reports/${report.id}/amendments`, amendment, MONITOR)).status).toBe(status);
    expect(await head()).toBe(before);
  });

  it('honours If-Match, and still answers a repeat', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    const path = `/v1/reports/${report.id}/amendments`;
    const knowing = { 'if-match': '"1"' };
    const first = await running.post(path, { severity: 'minor' }, MONITOR, knowing);
    expect((await running.post(path, { severity: 'minor' }, MONITOR, knowing)).body).toEqual(first.body);
    const stale = await running.post(path, { severity: 'serious' }, MONITOR, knowing);
    expect([stale.status, stale.body['code']]).toEqual([412, 'stale-version']);
    expect((await running.post(path, { severity: 'serious' }, MONITOR, { 'if-match': 'x' })).status).toBe(400);
  });

  it('answers 404 for reports of other monitors', async () => {
    const report = violation();
    await running.post('/v1/reports', report, MONITOR);
    expect((await running.post(`/v1/reports/${report.id}/amendments`, { means: 'seen' }, OTHER)).status).toBe(404);
    expect((await running.post(`/v1/reports/${report.id}/withdrawal`, {}, OTHER)).status).toBe(404);
  });
});

describe('POST /v1/reports/{id}/withdrawal', () => {
  it('withdraws the report once, and says that another withdrawal changed nothing', async () => {
    const report = violation();
    const { body: receipt } = await running.post('/v1/reports', report, MONITOR);
    const path = `/v1/reports/${report.id}/withdrawal`;
    const first = await running.post(path, { reason: 'it was a thunderstorm' }, MONITOR);
    expect([first.status, first.etag, first.body]).toEqual([200, '"2"', { position: await head() }]);
    expect((await running.post(path, { reason: 'it was a thunderstorm' }, MONITOR)).body).toEqual(first.body);
    const another = await running.post(path, { reason: 'another' }, MONITOR);
    expect([another.status, another.body]).toEqual([200, { ...first.body, unchanged: true }]);
    expect((await running.get(`/v1/reports/${report.id}`, MONITOR)).body['status']).toBe('withdrawn');
    const last = (await running.database.log.readStream(`report-${report.id}`)).at(-1);
    expect(last).toMatchObject({ type: 'ReportWithdrawn', key: receipt['incident'] });
    const late = await running.post(`/v1/reports/${report.id}/amendments`, { means: 'seen' }, MONITOR);
    expect([late.status, late.body['code']]).toEqual([409, 'report-withdrawn']);
  });
});
