// The main use case from end to end, as its users see it over HTTP: a report, its status, the alert.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client, StreamedAlert } from '../support/client.js';
import type { TestSystem } from '../support/test-system.js';
import { eventually } from '../support/eventually.js';
import type { ApiResponse, TestUser } from '../support/running-app.js';

const MONITOR: TestUser = { handle: 'abu-khalil', organisation: 'valley-media', roles: ['monitor'] };
const OTHER_MONITOR: TestUser = { handle: 'post-7', organisation: 'observatory', roles: ['monitor'] };
const OPERATOR: TestUser = { handle: 'operator-1', roles: ['operator'] };
const VERIFIER: TestUser = { handle: 'verifier-1', roles: ['verifier'] };
const ANALYST: TestUser = { handle: 'analyst-1', roles: ['analyst'] };
const SUBSCRIBER: TestUser = { handle: 'un-office', roles: ['subscriber'] };

const AN_HOUR_MS = 3_600_000;
const REGION = 'wadi-barada';

const report = {
  id: randomUUID(),
  type: 'violation',
  occurred: { from: new Date(Date.now() - AN_HOUR_MS).toISOString(), precision: 'minute' },
  place: { region: 'SY030702', name: 'Ain al-Fijah' },
  kind: 'indirect_fire',
  severity: 'grave',
  means: 'seen',
  accused: ['saa'],
  target: { actor: 'civilians' },
  narrative: 'A hall that sheltered displaced people was hit three times.',
};

/** `open` starts or connects to a system; the story is the same for every composition. */
export function lifeOfAReport(open: () => Promise<TestSystem>): void {
  let system: TestSystem;
  let client: Client;
  let before: number;
  let received: ApiResponse;
  let incident: string;
  beforeAll(async () => {
    system = await open();
    ({ client } = system);
  }, 120_000);
  afterAll(() => system.close());

  /** The status once it includes everything up to the position. */
  async function statusAt(position: number): Promise<ApiResponse> {
    return client.get(`/v1/regions/${REGION}/status?minPosition=${position}`, ANALYST);
  }

  function positionOf({ body }: ApiResponse): number {
    return Number(body['position']);
  }

  function isTheAlert(alert: Record<string, unknown>): boolean {
    return alert['type'] === 'status_changed' && alert['region'] === REGION && alert['to'] === 'violated';
  }

  describe('The life of a report', () => {
    it('starts in a region without reports', async () => {
      const { status, body } = await client.get(`/v1/regions/${REGION}/status`, ANALYST);
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'not_observed', intensity: 0, lens: 'strict', modalities: 'astana-1' });
      before = Number(body['position']);
    });

    it('continues with an answer that names its incident and all regions that contain it', async () => {
      received = await client.post('/v1/reports', report, MONITOR);
      expect(received.status).toBe(201);
      expect(received.body).toMatchObject({
        id: report.id,
        regions: ['SY', 'SY03', 'SY0307', 'SY030702', REGION],
        flags: [],
      });
      incident = String(received.body['incident']);
    });

    it('does not change when it is sent again, and is refused when the id has different content', async () => {
      const again = await client.post('/v1/reports', report, MONITOR);
      expect(again).toMatchObject({ status: 200, body: received.body });
      const other = await client.post('/v1/reports', { ...report, means: 'hearsay' }, MONITOR);
      expect([other.status, other.body['code']]).toEqual([409, 'id-reused']);
    });

    it('counts immediately in the status, but one side alone cannot make its region violated', async () => {
      const { body } = await statusAt(positionOf(received));
      expect(body).toMatchObject({ status: 'holding', intensity: 2 });
      expect(body['why']).toMatchObject({ counted: [{ incident, verification: 'reported', contribution: 2 }] });
    });

    it('is corroborated by a monitor of another alignment', async () => {
      const organisations = [
        { code: 'valley-media', name: 'A media centre in the valley', alignment: 'opposition' },
        { code: 'observatory', name: 'An observatory abroad', alignment: 'independent' },
      ];
      for (const one of organisations) expect((await client.post('/v1/organisations', one, OPERATOR)).status).toBe(201);
      const second = { ...report, id: randomUUID(), narrative: null, incident };
      const joined = await client.post('/v1/reports', second, OTHER_MONITOR);
      expect([joined.status, joined.body['incident']]).toEqual([201, incident]);
      const { body } = await statusAt(positionOf(joined));
      expect(body).toMatchObject({ status: 'violated', intensity: 12 });
      expect(body['why']).toMatchObject({
        counted: [{ incident, verification: 'corroborated', points: 20, weight: 0.6 }],
      });
    });

    it('is verified by a person, and the status explains why and until when', async () => {
      const verified = await client.post(
        `/v1/incidents/${incident}/verification`,
        { level: 'verified_on_site', note: 'craters measured' },
        VERIFIER,
      );
      expect(verified.status).toBe(200);
      const { body } = await statusAt(positionOf(verified));
      expect(body).toMatchObject({ status: 'violated', intensity: 20 });
      expect(body['why']).toMatchObject({
        counted: [{ incident, kind: 'indirect_fire', severity: 'grave', verification: 'verified_on_site', weight: 1 }],
        notCounted: [],
        floor: null,
        redLines: [],
        nextChange: { status: expect.any(String) },
      });
    });

    it('raises an alert in the list', async () => {
      await eventually(async () => {
        const { body } = await client.get(`/v1/alerts?region=${REGION}`, SUBSCRIBER);
        expect((body['items'] as Record<string, unknown>[]).filter(isTheAlert)).toHaveLength(1);
      });
    });

    it('raises an alert in the stream, and again for a client that resumes from before', async () => {
      for (const lastEventId of [before, positionOf(received)]) {
        const listening = new AbortController();
        const streamed: StreamedAlert[] = [];
        for await (const one of client.alerts(SUBSCRIBER, listening.signal, String(lastEventId))) {
          streamed.push(one);
          if (isTheAlert(one.alert)) break;
        }
        listening.abort();
        expect(streamed.at(-1)).toMatchObject({ alert: { lens: 'strict', summary: { en: expect.any(String) } } });
        const ids = streamed.map(({ id }) => Number(id));
        expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
      }
    });

    it('never reveals to an analyst or a subscriber who saw it, or what they wrote', async () => {
      const paths = [`/v1/incidents/${incident}`, `/v1/incidents/${incident}/history`, `/v1/reports/${report.id}`];
      const answers = await Promise.all([
        ...paths.map((path) => client.get(path, ANALYST)),
        client.get('/v1/alerts', SUBSCRIBER),
      ]);
      for (const { body } of answers) {
        expect(JSON.stringify(body)).not.toMatch(/abu-khalil|post-7|displaced people/);
      }
    });
  });
}
