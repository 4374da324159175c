import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { toDomainEvent } from '#domain';
import { IntakeModule } from '#intake';
import { JudgementModule } from '#judgement';
import { runApp, type ApiResponse, type TestUser, type RunningApp } from '../support/running-app.js';

const MONITOR: TestUser = { handle: 'abu-khalil', organisation: 'valley-media', roles: ['monitor'] };
const VERIFIER: TestUser = { handle: 'verifier-1', roles: ['verifier'] };
const OFFICER: TestUser = { handle: 'officer-tr', roles: ['officer'], party: 'TR' };
const OPERATOR: TestUser = { handle: 'operator-1', roles: ['operator'] };

let running: RunningApp;
beforeAll(async () => {
  running = await runApp([IntakeModule, JudgementModule]);
});
afterAll(() => running.close());

type Reported = { readonly report: string; readonly incident: string };

async function reported(members: object = {}): Promise<Reported> {
  const report = randomUUID();
  const { status, body } = await running.post(
    '/v1/reports',
    {
      id: report,
      type: 'violation',
      occurred: { from: '2017-01-15T10:00:00Z' },
      place: { region: 'SY030702' },
      kind: 'indirect_fire',
      means: 'seen',
      accused: ['saa'],
      ...members,
    },
    MONITOR,
  );
  expect(status).toBe(201);
  return { report, incident: String(body['incident']) };
}

async function judge(
  incident: string,
  what: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<ApiResponse> {
  return running.post(`/v1/incidents/${incident}/${what}`, body, VERIFIER, headers);
}

async function head(): Promise<number> {
  return (await running.database.log.head()).position;
}

async function incidentOf(report: string): Promise<unknown> {
  return (await running.get(`/v1/reports/${report}`, VERIFIER)).body['incident'];
}

async function typesIn(stream: string): Promise<readonly string[]> {
  return (await running.database.log.readStream(stream)).map(({ type }) => type);
}

/** Status and code of a refusal; checks that the log is unchanged. */
async function refused(ask: () => Promise<ApiResponse>): Promise<readonly unknown[]> {
  const before = await head();
  const { status, body } = await ask();
  expect(await head()).toBe(before);
  return [status, body['code']];
}

describe('links', () => {
  it('move a report with its content to another incident, in one command', async () => {
    const [one, other] = [await reported(), await reported()];
    const moving = await reported({ incident: one.incident, means: 'recorded' });
    const { status, body, etag } = await judge(other.incident, 'links', { report: moving.report });
    expect([status, body['incident'], etag]).toEqual([200, other.incident, '"2"']);
    expect(body['position']).toBe(await head());
    expect(await incidentOf(moving.report)).toBe(other.incident);
    const linked = (await running.database.log.readStream(`incident-${other.incident}`)).at(-1);
    expect(linked).toMatchObject({
      type: 'ReportLinked',
      key: other.incident,
      data: { from: one.incident, carried: { report: moving.report, content: { means: 'recorded' } } },
    });
    expect(await typesIn(`incident-${one.incident}`)).toEqual(['IncidentOpened', 'ReportLinked', 'ReportUnlinked']);
  });

  it('of the only report leave an incident that redirects to the other', async () => {
    const [one, other] = [await reported(), await reported()];
    await judge(one.incident, 'claims', { by: 'saa', type: 'denial', text: 'It was not us.' });
    await judge(other.incident, 'links', { report: one.report });
    expect(await typesIn(`incident-${one.incident}`)).toContain('IncidentMerged');
    expect(await refused(() => judge(one.incident, 'verification', { level: 'refuted' }))).toEqual([
      409,
      'incident-merged',
    ]);
    // A report that names the old incident joins the new one.
    expect((await reported({ incident: one.incident })).incident).toBe(other.incident);
  });

  it('repeat the first answer, and append nothing where the report is linked already', async () => {
    const [one, other] = [await reported(), await reported()];
    const first = await judge(other.incident, 'links', { report: one.report });
    const before = await head();
    expect((await judge(other.incident, 'links', { report: one.report })).body).toEqual(first.body);
    expect((await judge(other.incident, 'links', { report: other.report })).status).toBe(200);
    expect(await head()).toBe(before);
  });

  it('require an existing violation report', async () => {
    const { incident } = await reported();
    expect(await refused(() => judge(incident, 'links', { report: randomUUID() }))).toEqual([422, 'unknown-name']);
    const calm = randomUUID();
    const observed = { from: '2017-01-15T06:00:00Z', to: '2017-01-15T18:00:00Z' };
    await running.post(
      '/v1/reports',
      { id: calm, type: 'nil', observed, area: { region: 'SY' }, means: 'seen' },
      MONITOR,
    );
    expect(await refused(() => judge(incident, 'links', { report: calm }))).toEqual([409, 'not-a-violation']);
  });

  it('that run concurrently leave each report in exactly one incident', async () => {
    const moving = await reported();
    const targets = await Promise.all(Array.from({ length: 6 }, () => reported()));
    const answers = await Promise.all(
      targets.map(({ incident }) => judge(incident, 'links', { report: moving.report })),
    );
    // The first one moves the only report and merges the old incident; the second one moves it from there.
    expect(answers.map(({ status }) => status)).toEqual(targets.map(() => 200));
    const holders = await Promise.all(
      targets.map(async ({ incident }) => {
        let held = false;
        for (const { type, data } of (await running.database.log.readStream(`incident-${incident}`)).map(
          toDomainEvent,
        )) {
          if (type === 'ReportLinked' || type === 'IncidentAbsorbed') held = true;
          if (type === 'ReportUnlinked' && 'report' in data && data.report === moving.report) held = false;
        }
        return held ? [incident] : [];
      }),
    );
    expect(holders.flat()).toEqual([await incidentOf(moving.report)]);
  });
});

describe('unlinks and splits', () => {
  it('create an incident for a report, and a repeat returns the same one', async () => {
    const one = await reported();
    const { report } = await reported({ incident: one.incident });
    const first = await judge(one.incident, 'unlinks', { report });
    expect([first.status, first.body['incident']]).toEqual([201, await incidentOf(report)]);
    expect(first.body['incident']).not.toBe(one.incident);
    const again = await judge(one.incident, 'unlinks', { report });
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  it('can be repeated after they were undone', async () => {
    const one = await reported();
    const { report } = await reported({ incident: one.incident });
    const first = await judge(one.incident, 'unlinks', { report });
    await judge(one.incident, 'links', { report });
    const second = await judge(one.incident, 'unlinks', { report });
    expect(second.status).toBe(201);
    expect(second.body['incident']).not.toBe(first.body['incident']);
    expect(await incidentOf(report)).toBe(second.body['incident']);
  });

  it('refuse to remove the only report', async () => {
    const { report, incident } = await reported();
    expect(await refused(() => judge(incident, 'unlinks', { report }))).toEqual([409, 'last-report']);
    expect(await refused(() => judge(incident, 'splits', { reports: [report, report] }))).toEqual([409, 'last-report']);
  });

  it('create one incident for several reports', async () => {
    const { incident } = await reported();
    const leaving = [await reported({ incident }), await reported({ incident })].map(({ report }) => report);
    const { status, body } = await judge(incident, 'splits', { reports: leaving });
    expect(status).toBe(201);
    expect(await Promise.all(leaving.map(incidentOf))).toEqual([body['incident'], body['incident']]);
    const stranger = await reported();
    expect(await refused(() => judge(incident, 'splits', { reports: [stranger.report] }))).toEqual([
      409,
      'report-not-in-incident',
    ]);
  });
});

describe('merges', () => {
  it('move everything, and cannot form a cycle', async () => {
    const [one, into] = [await reported(), await reported()];
    const second = await reported({ incident: one.incident });
    const { status, body } = await judge(one.incident, 'merges', { into: into.incident });
    expect([status, body['incident']]).toEqual([200, into.incident]);
    expect(await Promise.all([one, second].map(({ report }) => incidentOf(report)))).toEqual([
      into.incident,
      into.incident,
    ]);
    expect((await judge(one.incident, 'merges', { into: into.incident })).body).toEqual(body);
    expect(await refused(() => judge(into.incident, 'merges', { into: one.incident }))).toEqual([
      409,
      'incident-merged',
    ]);
    expect(await refused(() => judge(into.incident, 'merges', { into: into.incident }))).toEqual([
      409,
      'merge-into-itself',
    ]);
    expect(await refused(() => judge(into.incident, 'merges', { into: randomUUID() }))).toEqual([422, 'unknown-name']);
  });

  it('move later amendments with their report', async () => {
    const [one, into] = [await reported(), await reported()];
    await judge(one.incident, 'merges', { into: into.incident });
    const { body } = await running.post(`/v1/reports/${one.report}/amendments`, { severity: 'grave' }, MONITOR);
    expect(body['incident']).toBe(into.incident);
    const amended = (await running.database.log.readStream(`report-${one.report}`)).at(-1);
    expect(amended).toMatchObject({ type: 'ReportAmended', key: into.incident, data: { incident: into.incident } });
  });
});

describe('findings', () => {
  it('are recorded, with the note in confidential storage', async () => {
    const { incident } = await reported();
    const body = { level: 'verified_on_site', severity: 'grave', note: 'seen by two of us' };
    const answer = await judge(incident, 'verification', body);
    expect([answer.status, answer.etag, answer.body]).toEqual([
      200,
      '"2"',
      { incident, position: await head(), recordedAt: expect.any(String) },
    ]);
    const stored = (await running.database.log.readStream(`incident-${incident}`)).at(-1);
    expect(stored).toMatchObject({
      type: 'VerificationSet',
      data: { incident, level: 'verified_on_site', severity: 'grave' },
      meta: { by: { role: 'verifier', who: running.pseudonyms.monitor('verifier-1') } },
    });
    expect(JSON.stringify(stored)).not.toMatch('seen by two');
  });

  it('can be set again after another one was set', async () => {
    const { incident } = await reported();
    for (const level of ['refuted', 'refuted', 'verified_remote', 'refuted']) {
      await judge(incident, 'verification', { level });
    }
    const levels = (await running.database.log.readStream(`incident-${incident}`))
      .map(toDomainEvent)
      .flatMap(({ data }) => ('level' in data ? [data.level] : []));
    expect(levels).toEqual(['refuted', 'verified_remote', 'refuted']);
  });

  it('honour If-Match', async () => {
    const { incident } = await reported();
    await judge(incident, 'verification', { level: 'refuted' });
    const stale = () => judge(incident, 'verification', { level: 'corroborated' }, { 'if-match': '"1"' });
    expect(await refused(stale)).toEqual([412, 'stale-version']);
    const fresh = await judge(incident, 'verification', { level: 'corroborated' }, { 'if-match': '"2"' });
    expect(fresh.status).toBe(200);
  });

  it('of attribution name known actors, or none where withheld', async () => {
    const { incident } = await reported();
    expect((await judge(incident, 'attribution', { level: 'probable', actors: ['saa'] })).status).toBe(200);
    expect(await refused(() => judge(incident, 'attribution', { level: 'probable', actors: ['sa'] }))).toEqual([
      422,
      'unknown-name',
    ]);
    expect(await refused(() => judge(incident, 'attribution', { level: 'withheld', actors: ['saa'] }))).toEqual([
      409,
      'actors-named',
    ]);
  });
});

describe('claims', () => {
  it('are numbered, idempotent, and assessed where they claim exclusion', async () => {
    const { incident } = await reported();
    const denial = { by: 'RU', type: 'denial', text: 'Not confirmed.' };
    const first = await judge(incident, 'claims', denial);
    const second = await judge(incident, 'claims', { by: 'saa', type: 'exclusion', text: 'At Nusra.', target: 'jfs' });
    expect([first, second].map(({ status, body }) => [status, body['claim']])).toEqual([
      [201, 1],
      [201, 2],
    ]);
    const again = await judge(incident, 'claims', denial);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const assessed = await judge(incident, 'claims/2/assessment', { outcome: 'rejected', note: 'none were there' });
    expect([assessed.status, assessed.body['claim']]).toEqual([200, 2]);
    expect(await refused(() => judge(incident, 'claims/1/assessment', { outcome: 'upheld' }))).toEqual([
      409,
      'not-an-exclusion-claim',
    ]);
    expect(await refused(() => judge(incident, 'claims/7/assessment', { outcome: 'upheld' }))).toEqual([
      409,
      'claim-unknown',
    ]);
  });

  it('need a known claimant and a known target', async () => {
    const { incident } = await reported();
    const claim = (members: object) => () => judge(incident, 'claims', { by: 'saa', type: 'exclusion', ...members });
    expect(await refused(claim({ by: 'nobody', target: 'jfs' }))).toEqual([422, 'unknown-name']);
    expect(await refused(claim({ target: 'nobody' }))).toEqual([422, 'unknown-name']);
    expect(await refused(claim({}))).toEqual([409, 'target-missing']);
  });
});

describe('an incident', () => {
  it.each([
    ['links', { report: randomUUID() }],
    ['unlinks', { report: randomUUID() }],
    ['merges', { into: randomUUID() }],
    ['splits', { reports: [randomUUID()] }],
    ['verification', { level: 'refuted' }],
    ['attribution', { level: 'pending' }],
    ['claims', { by: 'saa', type: 'denial' }],
    ['claims/1/assessment', { outcome: 'upheld' }],
  ])('that does not exist takes no %s', async (what, body) => {
    expect(await refused(() => judge(randomUUID(), what, body))).toEqual([404, 'no-such-incident']);
  });

  it('is judged only by verifiers', async () => {
    const { incident } = await reported();
    const ask = () => running.post(`/v1/incidents/${incident}/verification`, { level: 'refuted' }, OFFICER);
    expect(await refused(ask)).toEqual([403, 'not-your-role']);
  });
});

describe('an episode', () => {
  const offensive = () => ({
    id: randomUUID(),
    kind: 'offensive',
    region: 'wadi-barada',
    from: '2016-12-22T00:00:00+02:00',
    name: 'Wadi Barada offensive',
    accused: ['saa', 'hezbollah'],
    exclusionClaim: { by: 'saa', target: 'jfs' },
  });

  it('is opened and closed by verifiers', async () => {
    const episode = offensive();
    const opened = await running.post('/v1/episodes', episode, VERIFIER);
    expect([opened.status, opened.etag, opened.body]).toEqual([
      201,
      '"1"',
      { id: episode.id, position: await head(), recordedAt: expect.any(String) },
    ]);
    expect((await running.post('/v1/episodes', episode, VERIFIER)).body).toEqual(opened.body);
    const path = `/v1/episodes/${episode.id}/close`;
    expect(await refused(() => running.post(path, { to: '2016-12-21T00:00:00Z' }, VERIFIER))).toEqual([
      409,
      'closes-before-open',
    ]);
    const closed = await running.post(path, { to: '2017-01-30T00:00:00+02:00' }, VERIFIER);
    expect([closed.status, closed.etag]).toEqual([200, '"2"']);
    expect((await running.post(path, { to: '2017-01-29T22:00:00Z' }, VERIFIER)).body).toEqual(closed.body);
    const history = await running.database.log.readStream(`episode-${episode.id}`);
    expect(history.map(({ type, key }) => [type, key])).toEqual([
      ['EpisodeOpened', 'wadi-barada'],
      ['EpisodeClosed', 'wadi-barada'],
    ]);
  });

  it.each([
    ['an unknown region', { region: 'nowhere' }, VERIFIER, [422, 'unknown-name']],
    ['an unknown actor', { accused: ['saa', 'nobody'] }, VERIFIER, [422, 'unknown-name']],
    ['a kind that is none', { kind: 'battle' }, VERIFIER, [400, 'malformed']],
    ['an officer', {}, OFFICER, [403, 'not-your-role']],
  ])('is not opened with %s', async (_, members, user, expected) => {
    expect(await refused(() => running.post('/v1/episodes', { ...offensive(), ...members }, user))).toEqual(expected);
  });

  it('keeps its id', async () => {
    const episode = offensive();
    await running.post('/v1/episodes', episode, VERIFIER);
    const other = () => running.post('/v1/episodes', { ...episode, name: 'another' }, VERIFIER);
    expect(await refused(other)).toEqual([409, 'id-reused']);
    const close = () => running.post(`/v1/episodes/${randomUUID()}/close`, { to: '2017-01-30T00:00:00Z' }, VERIFIER);
    expect(await refused(close)).toEqual([404, 'no-such-episode']);
  });
});

describe('a red line', () => {
  const redLine = () => ({
    id: randomUUID(),
    declaredBy: 'jaysh_al_islam',
    region: 'wadi-barada',
    condition: { kind: 'territorial_gain', by: ['saa'] },
    text: 'The ceasefire ends if the valley is taken.',
  });

  it('is declared and withdrawn by an officer of the party that answers for its declarer', async () => {
    const line = redLine();
    const declared = await running.post('/v1/red-lines', line, OFFICER);
    expect([declared.status, declared.etag]).toEqual([201, '"1"']);
    const path = `/v1/red-lines/${line.id}/withdrawal`;
    expect(await refused(() => running.post(path, {}, OFFICER))).toEqual([428, 'if-match-required']);
    const russian: TestUser = { handle: 'officer-ru', roles: ['officer'], party: 'RU' };
    expect(await refused(() => running.post(path, {}, russian, { 'if-match': '"1"' }))).toEqual([
      403,
      'not-your-red-line',
    ]);
    const withdrawn = await running.post(path, { note: 'agreed' }, OFFICER, { 'if-match': '"1"' });
    expect([withdrawn.status, withdrawn.etag]).toEqual([200, '"2"']);
    expect((await running.post(path, { note: 'agreed' }, OFFICER, { 'if-match': '"1"' })).body).toEqual(withdrawn.body);
    expect(await typesIn(`red-line-${line.id}`)).toEqual(['RedLineDeclared', 'RedLineWithdrawn']);
  });

  it.each([
    ['an unknown declarer', { declaredBy: 'nobody' }, OFFICER, [422, 'unknown-name']],
    ['an unknown region', { region: 'nowhere' }, OFFICER, [422, 'unknown-name']],
    ['an unknown actor', { condition: { kind: 'air_strike', by: ['x'] } }, OFFICER, [422, 'unknown-name']],
    ['a declarer of another party', { declaredBy: 'saa' }, OFFICER, [403, 'not-your-red-line']],
    ['a verifier', {}, VERIFIER, [403, 'not-your-role']],
  ])('is not declared with %s', async (_, members, user, expected) => {
    expect(await refused(() => running.post('/v1/red-lines', { ...redLine(), ...members }, user))).toEqual(expected);
  });

  it('that was not declared cannot be withdrawn', async () => {
    const path = `/v1/red-lines/${randomUUID()}/withdrawal`;
    expect(await refused(() => running.post(path, {}, OFFICER, { 'if-match': '"1"' }))).toEqual([
      404,
      'no-such-red-line',
    ]);
  });
});

describe('an organisation', () => {
  it('is registered by the operator with its alignment, and its name is confidential', async () => {
    const body = { code: `org-${randomUUID()}`, name: 'A media centre', alignment: 'opposition' };
    const first = await running.post('/v1/organisations', body, OPERATOR);
    expect([first.status, first.body['alignment']]).toEqual([201, 'opposition']);
    const again = await running.post('/v1/organisations', body, { ...OPERATOR, handle: 'operator-2' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    const pseudonym = running.pseudonyms.organisation(body.code);
    const [stored] = await running.database.log.readStream(`organisation-${pseudonym}`);
    expect(stored).toMatchObject({ key: `organisation-${pseudonym}`, data: { alignment: 'opposition' } });
    expect(JSON.stringify(stored)).not.toContain(body.code);
    for (const change of [{ alignment: 'government' }, { name: 'Another' }]) {
      const other = () => running.post('/v1/organisations', { ...body, ...change }, OPERATOR);
      expect(await refused(other)).toEqual([409, 'id-reused']);
    }
    expect(await refused(() => running.post('/v1/organisations', body, VERIFIER))).toEqual([403, 'not-your-role']);
  });
});
