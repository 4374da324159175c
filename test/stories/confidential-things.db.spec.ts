import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { AlertingModule } from '#alerting';
import { IntakeModule } from '#intake';
import { JudgementModule } from '#judgement';
import { RegionsModule } from '#regions';
import { StatusModule, StatusWatchModule } from '#status';
import { eventually } from '../support/eventually.js';
import { runApp, type TestUser, type RunningApp } from '../support/running-app.js';

const ROUNDS = 5;
const READER: TestUser = { handle: 'reader', roles: ['analyst', 'officer', 'subscriber', 'operator'], party: 'RU' };

let running: RunningApp;
let sql: Sql;
const markers: string[] = [];
/** Of those, the people who judged or registered: stored only as pseudonyms. */
const names: string[] = [];

/** A recorded text that occurs nowhere else. */
function marked(): string {
  const marker = `m${randomBytes(8).toString('hex')}`;
  markers.push(marker);
  return marker;
}

function markedName(): string {
  const name = marked();
  names.push(name);
  return name;
}

/** A coordinate that occurs nowhere else, in the valley. */
function markedDegree(degrees: number): number {
  const degree = Number(`${degrees}.${randomInt(600_000_000, 659_999_999)}`);
  markers.push(String(degree));
  return degree;
}

function markedHash(): string {
  const sha256 = randomBytes(32).toString('hex');
  markers.push(sha256);
  return sha256;
}

function confidentialMembers(): object {
  return {
    place: { name: marked(), point: { lon: markedDegree(36), lat: markedDegree(33) } },
    narrative: `text ${marked()} text`,
    evidence: [{ sha256: markedHash(), mediaType: 'image/jpeg' }],
    source: { name: marked(), url: `https://example.org/${marked()}` },
  };
}

async function sent(path: string, body: object, user: TestUser): Promise<Record<string, unknown>> {
  const answer = await running.post(path, body, user);
  expect([path, answer.status < 300]).toEqual([path, true]);
  return answer.body;
}

/** Sends one of every request that carries something confidential. */
async function tellEverything(): Promise<void> {
  const monitor: TestUser = { handle: marked(), organisation: marked(), roles: ['monitor'] };
  const verifier: TestUser = { handle: markedName(), organisation: markedName(), roles: ['verifier'] };
  const operator: TestUser = { handle: markedName(), roles: ['operator'] };
  const kept = { occurred: { from: '2017-01-15T10:00:00Z' }, kind: 'indirect_fire', means: 'seen', accused: ['saa'] };
  const observed = { from: '2017-01-15T06:00:00Z', to: '2017-01-15T18:00:00Z' };
  const report = () => ({ id: randomUUID(), type: 'violation', ...kept, ...confidentialMembers() });

  const organisation = { code: monitor.organisation ?? '', name: marked(), alignment: 'opposition' };
  await sent('/v1/organisations', organisation, operator);
  const [one, other] = [report(), report()];
  const { incident } = await sent('/v1/reports', one, monitor);
  const { incident: from } = await sent('/v1/reports', other, monitor);
  await sent(
    '/v1/reports',
    {
      id: randomUUID(),
      type: 'access_denied',
      observed,
      area: { region: 'SY0307' },
      deniedBy: 'saa',
      reason: marked(),
    },
    monitor,
  );
  await sent(`/v1/reports/${one.id}/amendments`, confidentialMembers(), monitor);
  const incidents = `/v1/incidents/${String(incident)}`;
  await sent(`/v1/incidents/${String(from)}/claims`, { by: 'saa', type: 'denial', text: marked() }, verifier);
  await sent(`${incidents}/links`, { report: other.id }, verifier);
  await sent(`${incidents}/verification`, { level: 'verified_remote', note: marked() }, verifier);
  await sent(`${incidents}/attribution`, { level: 'probable', actors: ['saa'], note: marked() }, verifier);
  await sent(`${incidents}/claims`, { by: 'saa', type: 'exclusion', text: marked(), target: 'jfs' }, verifier);
  await sent(`${incidents}/claims/2/assessment`, { outcome: 'rejected', note: marked() }, verifier);
  await sent(`/v1/reports/${one.id}/withdrawal`, { reason: marked() }, monitor);
}

async function caughtUp(): Promise<void> {
  const { position } = await running.database.log.head();
  await eventually(async () => {
    const followers = await sql<{ position: number }[]>`select position::int as position from checkpoints`;
    expect(followers.length).toBeGreaterThan(0);
    for (const follower of followers) expect(follower.position).toBeGreaterThanOrEqual(position);
  });
}

/** All rows of each table as one text. */
async function everyTable(): Promise<ReadonlyMap<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const texts = new Map<string, string>();
  for (const { name } of tables) {
    const [row] = await sql<{ text: string | null }[]>`select string_agg(t::text, ' ') as text from ${sql(name)} t`;
    texts.set(name, row?.text ?? '');
  }
  return texts;
}

function foundIn(text: string): readonly string[] {
  return markers.filter((marker) => text.includes(marker));
}

beforeAll(async () => {
  running = await runApp([
    RegionsModule,
    IntakeModule,
    JudgementModule,
    StatusModule,
    StatusWatchModule,
    AlertingModule,
  ]);
  sql = postgres(running.database.url, { max: 1 });
  for (let round = 0; round < ROUNDS; round += 1) await tellEverything();
  await caughtUp();
});
afterAll(async () => {
  await sql.end();
  await running.close();
});

describe('confidential data', () => {
  it('is in the confidential table', async () => {
    const kept = foundIn((await everyTable()).get('confidential') ?? '');
    expect(kept).toEqual(markers.filter((marker) => !names.includes(marker)));
  });

  it('is in no other table: neither the log, nor a read model, nor an alert', async () => {
    const tables = await everyTable();
    expect(tables.get('events')).toContain('ReportSubmitted');
    const leaks = [...tables].filter(([name, text]) => name !== 'confidential' && foundIn(text).length > 0);
    expect(leaks.map(([name, text]) => [name, foundIn(text)])).toEqual([]);
  });

  it.each([
    '/v1/incidents?limit=1000',
    '/v1/status',
    '/v1/regions/wadi-barada/status?at=2017-01-16T00:00:00Z',
    '/v1/statistics?by=region,day,kind,accused,verification,severity',
    '/v1/coverage?from=2017-01-14T00:00:00Z&to=2017-01-17T00:00:00Z&region=SY0307',
    '/v1/alerts',
  ])('is not in the answer of %s', async (path) => {
    const answer = await running.get(path, READER);
    expect(answer.status).toBe(200);
    expect(foundIn(JSON.stringify(answer.body))).toEqual([]);
  });

  it('is not in the answer of any report, incident or history', async () => {
    const reports = await sql<{ id: string }[]>`
      select data ->> 'report' as id, data ->> 'incident' as incident from events where type = 'ReportSubmitted'`;
    const incidents = await sql<
      { id: string }[]
    >`select data ->> 'incident' as id from events where type = 'IncidentOpened'`;
    const paths = [
      ...reports.map(({ id }) => `/v1/reports/${id}`),
      ...incidents.flatMap(({ id }) => [`/v1/incidents/${id}`, `/v1/incidents/${id}/history`]),
    ];
    for (const path of paths) {
      const answer = await running.get(path, READER);
      expect([path, answer.status, foundIn(JSON.stringify(answer.body))]).toEqual([path, 200, []]);
    }
  });
});
