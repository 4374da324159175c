import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openApiOf, requestsWithoutExample } from '#platform';
import { observed, reported, HELD, TestSystem, VALLEY, verified, violation, type Body } from '../status.fixture.js';

describe.each(HELD)('%s', (_name, held) => {
  let system: TestSystem;
  const shelling = reported(violation({ casualties: { killed: { min: 7, max: 12 }, injured: null } }), {
    narrative: 'They came at noon.',
    handle: 'abu-x',
    point: { lon: 36.18, lat: 33.615 },
  });
  const overflight = reported(
    violation({
      kind: 'overflight',
      severity: null,
      accused: [],
      occurred: { from: '2017-01-14T10:00:00Z', to: '2017-01-14T10:10:00Z', precision: 'minute' },
    }),
  );
  let before: number;
  let after: number;

  beforeAll(async () => {
    system = await TestSystem.start('2017-01-16T12:00:00.000Z', held);
    await system.append(...overflight.writes);
    before = await system.append(...shelling.writes);
    await system.append(observed('access_denied', 'SY030702', ['2017-01-15T06:00:00Z', '2017-01-15T18:00:00Z']));
    after = await system.append(verified(shelling.incident, 'verified_remote'));
  });
  afterAll(() => system.stop());

  type Rows = readonly Body[];

  describe('the status of all regions', () => {
    it('lists each region once with the worst inside it, and the position of the answer', async () => {
      const { status, body } = await system.get(`/v1/status?minPosition=${after}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        position: after,
        at: '2017-01-16T12:00:00Z',
        lens: 'strict',
        modalities: 'astana-1',
      });
      const regions = body['regions'] as Rows;
      expect(regions).toHaveLength(350);
      expect(regions.find(({ code }) => code === 'SY')).toMatchObject({
        status: 'violated',
        since: '2017-01-15T10:00:00Z',
        intensity: 20.125,
        incidents: 2,
        worst: { code: 'SY03', status: 'violated' },
        redLines: [],
      });
      expect(regions.find(({ code }) => code === 'SY02')).toMatchObject({
        status: 'not_observed',
        intensity: 0,
        coverage: 0,
        dispute: null,
        incidents: 0,
        worst: null,
      });
    });

    it('has the same rows as CSV', async () => {
      const answer = await system.app.inject({ url: '/v1/status?f=csv', headers: { authorization: 'Bearer analyst' } });
      expect(answer.body.trim().split('\n')).toHaveLength(351);
    });

    it('is answered as known at a position, and for an instant', async () => {
      const known = await system.get(`/v1/regions/wadi-barada/status?knownAtPosition=${before}`);
      expect(known.body).toMatchObject({ position: before, intensity: 2.125, status: 'holding' });
      const earlier = await system.get('/v1/regions/wadi-barada/status?at=2016-12-29T21:59:59Z');
      expect(earlier.body).toMatchObject({ at: '2016-12-29T21:59:59Z', status: 'not_covered', since: null });
    });
  });

  describe('the status of a region', () => {
    it('has its explanation and its next change', async () => {
      const { body } = await system.get('/v1/regions/wadi-barada/status');
      expect(body).toMatchObject({ code: 'wadi-barada', parent: null, status: 'violated', incidents: 2 });
      expect(body['why']).toMatchObject({
        counted: [
          { incident: overflight.incident, kind: 'overflight', points: 1, weight: 0.25, contribution: 0.125 },
          {
            incident: shelling.incident,
            kind: 'indirect_fire',
            occurred: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T11:00:00Z' },
            severity: 'grave',
            verification: 'verified_remote',
            points: 20,
            weight: 1,
            contribution: 20,
          },
        ],
        notCounted: [],
        floor: null,
        redLines: [],
        nextChange: { at: '2017-01-22T10:00:00Z', status: 'not_observed' },
      });
      const then = await system.get('/v1/regions/wadi-barada/status?at=2017-01-22T10:00:00Z');
      expect(then.body).toMatchObject({ status: 'not_observed', since: '2017-01-22T10:00:00Z' });
    });

    it('does not show a monitor which incidents count', async () => {
      const { status, body } = await system.get('/v1/regions/wadi-barada/status', 'monitor');
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'violated' });
      expect(JSON.stringify(body)).not.toContain(shelling.incident);
    });

    it('has a timeline that includes the future', async () => {
      const { body } = await system.get(
        '/v1/regions/wadi-barada/timeline?from=2017-01-14T00:00:00Z&to=2017-01-23T00:00:00Z',
      );
      expect(body['segments']).toEqual([
        { from: '2017-01-14T00:00:00Z', to: '2017-01-14T10:00:00Z', status: 'not_observed', intensity: 0, coverage: 0 },
        { from: '2017-01-14T10:00:00Z', to: '2017-01-15T10:00:00Z', status: 'holding', intensity: 0.25, coverage: 0 },
        { from: '2017-01-15T10:00:00Z', to: '2017-01-16T10:00:00Z', status: 'violated', intensity: 20.25, coverage: 0 },
        {
          from: '2017-01-16T10:00:00Z',
          to: '2017-01-17T10:00:00Z',
          status: 'violated',
          intensity: 20.125,
          coverage: 0,
        },
        {
          from: '2017-01-17T10:00:00Z',
          to: '2017-01-21T10:00:00Z',
          status: 'violated',
          intensity: 10.125,
          coverage: 0,
        },
        { from: '2017-01-21T10:00:00Z', to: '2017-01-22T10:00:00Z', status: 'violated', intensity: 10, coverage: 0 },
        { from: '2017-01-22T10:00:00Z', to: '2017-01-23T00:00:00Z', status: 'not_observed', intensity: 0, coverage: 0 },
      ]);
    });

    it.each([
      ['/v1/regions/atlantis/status', 404, 'unknown-region'],
      ['/v1/regions/SY/status?lens=rosy', 422, 'unknown-name'],
      ['/v1/regions/SY/status?at=yesterday', 400, 'malformed'],
      ['/v1/regions/SY/status?knownAt=2017-01-01T00:00:00Z&knownAtPosition=3', 400, 'malformed'],
      ['/v1/regions/SY/timeline?from=2017-01-02T00:00:00Z&to=2017-01-01T00:00:00Z', 400, 'malformed'],
      ['/v1/regions/SY/status?severity=grave', 400, 'malformed'],
      ['/v1/statistics', 400, 'malformed'],
      ['/v1/incidents?region=atlantis', 422, 'unknown-name'],
      [`/v1/incidents/${randomUUID()}`, 404, 'unknown-incident'],
      ['/v1/statistics?by=day&region=atlantis', 422, 'unknown-name'],
      ['/v1/coverage?region=atlantis', 422, 'unknown-name'],
      ['/v1/incidents?accused=sa', 422, 'unknown-name'],
      ['/v1/incidents?accused=saa,nobody', 422, 'unknown-name'],
      ['/v1/incidents?lens=rosy', 422, 'unknown-name'],
      ['/v1/incidents?from=2017-01-02&to=2017-01-01', 400, 'malformed'],
      ['/v1/statistics?by=day&from=2017-01-02&to=2017-01-01', 400, 'malformed'],
      ['/v1/coverage?from=2017-01-02&to=2017-01-01', 400, 'malformed'],
      ['/v1/incidents?bbox=36,34,37,33', 400, 'malformed'],
      ['/v1/incidents?bbox=36,33,181,34', 400, 'malformed'],
      ['/v1/incidents?bbox=36,-91,37,34', 400, 'malformed'],
      ['/v1/incidents?kind=airstrike', 400, 'malformed'],
      ['/v1/incidents?kind=,', 400, 'malformed'],
      ['/v1/incidents?verification=sure', 400, 'malformed'],
      ['/v1/incidents?determination=adopted', 400, 'malformed'],
      ['/v1/statistics?by=weekday', 400, 'malformed'],
      ['/v1/statistics?by=day&regionLevel=4', 400, 'malformed'],
      ['/v1/incidents?limit=0', 400, 'malformed'],
      ['/v1/incidents?limit=1001', 400, 'malformed'],
      ['/v1/incidents?accused=%00', 400, 'bad-url'],
      ['/v1/incidents?region=%00', 400, 'bad-url'],
      ['/v1/incidents?lens=%00', 400, 'bad-url'],
      ['/v1/incidents?cursor=%00', 400, 'bad-url'],
      ['/v1/regions/%00/status', 400, 'bad-url'],
      ['/v1/status?at=1899-12-31T00:00:00Z', 400, 'malformed'],
      ['/v1/status?at=2200-01-01T00:00:00Z', 400, 'malformed'],
      ['/v1/incidents?to=9999-12-31', 400, 'malformed'],
      ['/v1/regions/SY/timeline?to=9999-12-31T23:59:59Z', 400, 'malformed'],
      ['/v1/status?at=2199-12-31T00:00:00Z', 200, undefined],
      ['/v1/status?at=1900-01-01T00:00:00Z', 200, undefined],
      ['/v1/regions/SY/timeline?at=2199-12-31T00:00:00Z', 200, undefined],
      ['/v1/coverage?region=SY03&from=1900-01-01&to=2199-12-31', 400, 'malformed'],
      ['/v1/regions/SY/timeline?from=2007-01-01&to=2017-01-03', 400, 'malformed'],
      ['/v1/statistics?by=day&from=1900-01-01&to=2199-12-31', 200, undefined],
    ])('answers %s with %i', async (path, status, code) => {
      const answer = await system.get(path);
      expect([answer.status, answer.body['code']]).toEqual([status, code]);
    });

    it.each([
      ['/v1/incidents?kind=airstrike', /air_strike/],
      ['/v1/incidents?accused=sa', /saa/],
      ['/v1/incidents?region=wadi-barda', /wadi-barada/],
      ['/v1/incidents?bbox=36,34,37,33', /south before north/],
      ['/v1/incidents?from=2017-01-02&to=2017-01-01', /after .from./],
    ])('says in the answer to %s what is expected', async (path, expected) => {
      const answer = await system.get(path);
      expect(answer.body['detail']).toMatch(expected);
    });

    it.each([
      { position: -1 },
      { position: 1.5 },
      { position: 1e15 },
      { at: 'yesterday' },
      { at: '\u0000' },
      { startedAt: 'infinity' },
      { incident: "' or true" },
      { position: 'x' },
    ])('answers a cursor with %j with 400', async (changed) => {
      const [first] = [{ position: after, at: '2017-01-16T12:00:00Z', startedAt: '2017-01-15T10:00:00Z' }];
      const cursor = { ...first, incident: randomUUID(), ...changed };
      const text = Buffer.from(JSON.stringify(cursor)).toString('base64url');
      const answer = await system.get(`/v1/incidents?cursor=${text}`);
      expect([answer.status, answer.body['code']]).toEqual([400, 'bad-cursor']);
    });

    it('answers 503 for a position that the facts have not reached', async () => {
      const answer = await system.app.inject({
        url: '/v1/status?minPosition=999999',
        headers: { authorization: 'Bearer analyst' },
      });
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
    });

    it.each(['/v1/status', '/v1/regions/SY/timeline', '/v1/incidents', '/v1/statistics?by=day', '/v1/coverage'])(
      'is not for subscribers: %s',
      async (path) => {
        expect((await system.get(path, 'subscriber')).status).toBe(403);
      },
    );
  });

  describe('the incidents', () => {
    it('are listed from the latest, in pages as known at one position', async () => {
      const first = await system.get('/v1/incidents?region=wadi-barada&limit=1');
      expect((first.body['items'] as Rows).map(({ id }) => id)).toEqual([shelling.incident]);
      const next = String(first.body['next']);
      const second = await system.get(next);
      expect((second.body['items'] as Rows).map(({ id }) => id)).toEqual([overflight.incident]);
      expect(second.body['position']).toBe(first.body['position']);
    });

    it.each([
      ['kind=overflight', [overflight.incident]],
      ['verification=verified_remote', [shelling.incident]],
      ['accused=unknown', [overflight.incident]],
      ['accused=saa,isis', [shelling.incident]],
      ['from=2017-01-15T00:00:00Z', [shelling.incident]],
      ['to=2017-01-15T00:00:00Z', [overflight.incident]],
      ['at=2017-01-15T00:00:00Z', [overflight.incident]],
      ['region=SY02', []],
      ['bbox=35,33,37,34', [shelling.incident, overflight.incident]],
      ['bbox=37,33,38,34', []],
    ])('are found by %s', async (query, ids) => {
      const { body } = await system.get(`/v1/incidents?${query}`);
      expect((body['items'] as Rows).map(({ id }) => id)).toEqual(ids);
    });

    it('have their version as the ETag, for If-Match', async () => {
      const answer = await system.app.inject({
        url: `/v1/incidents/${shelling.incident}`,
        headers: { authorization: 'Bearer analyst' },
      });
      const { log } = system.database;
      const [last] = (await log.readStream(`incident-${shelling.incident}`)).slice(-1);
      expect(answer.headers.etag).toBe(`"${last?.version ?? 0}"`);
    });

    it('do not contain the source, the point or the free text', async () => {
      const { body } = await system.get(`/v1/incidents/${shelling.incident}`);
      expect(body).toMatchObject({
        id: shelling.incident,
        occurred: { from: '2017-01-15T10:00:00Z', to: '2017-01-15T11:00:00Z', precision: 'hour' },
        place: { region: 'SY030702', regions: [...VALLEY].sort() },
        verification: 'verified_remote',
        casualties: { killed: { min: 7, max: 12 }, injured: null },
        reports: [shelling.report],
        claims: [],
        mergedInto: null,
        formerIds: [],
      });
      expect(JSON.stringify(body)).not.toMatch(/noon|abu-x|36\.18/);
    });

    it('have a history with actors and times, and with free text only for roles that may read it', async () => {
      const { body } = await system.get(`/v1/incidents/${shelling.incident}/history`);
      const events = body['events'] as Rows;
      expect(events.map(({ type }) => type)).toEqual(['ReportSubmitted', 'IncidentOpened', 'VerificationSet']);
      expect(events[0]).toMatchObject({ by: { who: 'pseudonym', role: 'monitor', party: null } });
      expect(JSON.stringify(body)).not.toMatch(/noon|abu-x|36\.18/);
      const open = await system.get(`/v1/incidents/${shelling.incident}/history`, 'verifier');
      expect((open.body['events'] as Rows)[0]).toMatchObject({ text: { narrative: 'They came at noon.' } });
      expect(JSON.stringify(open.body)).not.toMatch(/abu-x|36\.18/);
    });
  });

  describe('an incident that was merged', () => {
    it('answers with the incident it was merged into', async () => {
      const [one, other] = [reported(violation({ kind: 'air_strike' })), reported(violation({ kind: 'air_strike' }))];
      const known = await system.append(...one.writes, ...other.writes);
      const source = { monitor: 'm', organisation: 'o' };
      const carried = [{ report: other.report, source, withdrawn: false, content: violation({ kind: 'air_strike' }) }];
      await system.append(
        [
          `incident-${other.incident}`,
          {
            key: other.incident,
            event: { type: 'IncidentMerged', data: { incident: other.incident, into: one.incident } },
          },
        ],
        [
          `incident-${one.incident}`,
          {
            key: one.incident,
            event: {
              type: 'IncidentAbsorbed',
              data: {
                incident: one.incident,
                from: other.incident,
                carried,
                claims: [],
                verification: null,
                attribution: null,
              },
            },
          },
        ],
      );
      const { body } = await system.get(`/v1/incidents/${other.incident}`);
      expect(body).toMatchObject({ id: one.incident, mergedInto: one.incident, formerIds: [other.incident] });
      expect(body['reports']).toEqual([one.report, other.report].sort());
      const listed = await system.get('/v1/incidents?kind=air_strike');
      expect((listed.body['items'] as Rows).map(({ id }) => id)).toEqual([one.incident]);
      const then = await system.get(`/v1/incidents/${other.incident}?knownAtPosition=${known}`);
      expect(then.body).toMatchObject({ id: other.incident, mergedInto: null, formerIds: [] });
      const history = await system.get(`/v1/incidents/${other.incident}/history`);
      expect((history.body['events'] as Rows).filter(({ type }) => type === 'ReportSubmitted')).toHaveLength(2);
    });
  });

  describe('the statistics', () => {
    it('count each incident once in the total, and denials separately', async () => {
      const { body } = await system.get(
        '/v1/statistics?by=region,day&to=2017-01-16T00:00:00Z&knownAtPosition=' + String(after),
      );
      expect(body['rows']).toEqual([
        {
          region: 'SY03',
          day: '2017-01-14',
          incidents: 1,
          reports: 1,
          accessDenials: 0,
          killedMin: 0,
          killedMax: 0,
          injuredMin: 0,
          injuredMax: 0,
        },
        {
          region: 'SY03',
          day: '2017-01-15',
          incidents: 1,
          reports: 1,
          accessDenials: 1,
          killedMin: 7,
          killedMax: 12,
          injuredMin: 0,
          injuredMax: 0,
        },
      ]);
      expect(body['total']).toMatchObject({ incidents: 2, reports: 2, accessDenials: 1, killedMin: 7, killedMax: 12 });
    });
  });

  describe('the coverage', () => {
    it('has its segments and the denials of access', async () => {
      const { body } = await system.get(
        '/v1/coverage?region=wadi-barada&from=2017-01-15T00:00:00Z&to=2017-01-16T00:00:00Z',
      );
      expect(body['regions']).toEqual([
        {
          code: 'wadi-barada',
          segments: [{ from: '2017-01-15T00:00:00Z', to: '2017-01-16T00:00:00Z', coverage: 0 }],
          denials: [
            {
              report: expect.any(String) as unknown,
              region: 'SY030702',
              from: '2017-01-15T06:00:00Z',
              to: '2017-01-15T18:00:00Z',
              deniedBy: 'saa',
            },
          ],
        },
      ]);
    });
  });

  describe('the OpenAPI document', () => {
    it('has an example for every request, and the parameters of every analytic read', () => {
      const document = openApiOf(system.app);
      expect(requestsWithoutExample(document)).toEqual([]);
      const reads = Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/'));
      expect(reads.map(([path]) => path).sort()).toEqual([
        '/v1/coverage',
        '/v1/incidents',
        '/v1/incidents/{id}',
        '/v1/incidents/{id}/history',
        '/v1/regions/{code}/status',
        '/v1/regions/{code}/timeline',
        '/v1/statistics',
        '/v1/status',
      ]);
      for (const [, { get }] of reads) {
        const names = get?.parameters?.map((parameter) => ('name' in parameter ? parameter.name : ''));
        expect(names).toEqual(expect.arrayContaining(['at', 'knownAt', 'knownAtPosition', 'minPosition', 'lens']));
      }
    });
  });
});
