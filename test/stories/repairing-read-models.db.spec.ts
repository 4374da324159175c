import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closePool, openPool, type Sql } from '#database';
import { Settings, type Running } from '#platform';
import { Client, type User } from '../../apps/cli/src/client.js';
import { deadLetters } from '../../apps/cli/src/commands/dead-letters.js';
import { rebuild } from '../../apps/cli/src/commands/rebuild.js';
import { openDatabase } from '../../apps/cli/src/database.js';
import { start } from '../../apps/standalone/src/start.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const MONITOR: User = { sub: 'abu-khalil', roles: ['monitor'], org: 'valley-media' };
const ANALYST: User = { sub: 'analyst-1', roles: ['analyst', 'subscriber'] };
const HOUR_MS = 3_600_000;

let folder: string;
let database: TestDatabase;
let owner: Sql;
let running: Running;
let client: Client;
let settings: Settings;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-repair-'));
  database = await openTestDatabase();
  owner = openPool(database.url, { applicationName: 'test owner', connections: 1 });
  const given = { DATABASE_URL: database.url, BARADA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
  running = await start(Settings.from(given), { noAuth: false }, () => undefined);
  settings = Settings.from({ ...given, BARADA_URL: running.url });
  client = await Client.open(settings);
});
afterAll(async () => {
  await running.stop();
  await closePool(owner);
  await database.drop();
  await rm(folder, { recursive: true });
});

type Ran = { readonly out: string; readonly failure: string | null };

async function barada(command: typeof rebuild | typeof deadLetters, ...args: readonly string[]): Promise<Ran> {
  let out = '';
  const say = { isTTY: false, write: (text: string) => (out += text) };
  try {
    await command({ settings: () => settings, open: openDatabase, out: say }).parseAsync(args, { from: 'user' });
    return { out, failure: null };
  } catch (error) {
    return { out, failure: error instanceof Error ? error.message : String(error) };
  }
}

type Reported = { readonly incident: string; readonly position: number };

/** An hour ago, so that it counts now. */
async function report(members: object = {}): Promise<Reported> {
  const { body } = await client.send(MONITOR, '/v1/reports', {
    body: {
      ...{ id: randomUUID(), type: 'violation', place: { region: 'SY030702' }, kind: 'chemical', means: 'seen' },
      occurred: { from: new Date(Date.now() - HOUR_MS).toISOString(), precision: 'minute' },
      accused: ['saa'],
      ...members,
    },
  });
  return body as Reported;
}

async function incidentIds(minPosition: number): Promise<readonly string[]> {
  const { body } = await client.send(ANALYST, `/v1/incidents?limit=1000&minPosition=${minPosition}`);
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

/** Oldest first. */
async function alerts(): Promise<readonly { id: string; position: number }[]> {
  const { body } = await client.send(ANALYST, '/v1/alerts?limit=1000');
  return (body as { items: { id: string; position: number }[] }).items.toReversed();
}

type Follower = { name: string; parkedKeys: number; degradedSince: string | null };

async function factsFollower(): Promise<Follower | undefined> {
  const { body } = await client.send(ANALYST, '/health/status');
  const { log } = body as { log: { ready: boolean; details: { followers: Follower[] } } };
  expect(log.ready).toBe(true);
  return log.details.followers.find(({ name }) => name === 'facts');
}

describe('An incident that the facts projection fails to apply', () => {
  it('is parked alone, is visible in health, and is applied once the cause is fixed', async () => {
    const sound = await report();
    const broken = randomUUID();
    const named = await report({ id: broken });
    // A database constraint that only the next report of this incident violates.
    await owner.unsafe(`
      alter table incident_fact add constraint obstacle check (incident <> '${named.incident}') not valid`);
    await report({ incident: named.incident, means: 'recorded' });
    await report({ incident: named.incident, means: 'interview' });
    const after = await report();
    expect(await incidentIds(after.position)).toEqual(expect.arrayContaining([sound.incident, after.incident]));
    expect(await factsFollower()).toMatchObject({ parkedKeys: 1, degradedSince: expect.any(String) });
    const { out } = await barada(deadLetters, 'list');
    expect(out).toContain(named.incident);
    expect((await barada(deadLetters, 'retry')).failure).toBe('1 of 1 keys are still parked.');

    await owner`alter table incident_fact drop constraint obstacle`;
    const retried = await barada(deadLetters, 'retry', named.incident);
    expect(retried).toEqual({ out: expect.stringContaining('up to date'), failure: null });
    const { body } = await client.send(ANALYST, `/v1/incidents/${named.incident}`);
    expect(body).toMatchObject({ reportCount: 3 });
    expect(await factsFollower()).toMatchObject({ parkedKeys: 0, degradedSince: null });
    expect(await barada(deadLetters, 'list')).toEqual({ out: 'There are no dead letters.\n', failure: null });
    expect((await barada(rebuild, 'facts')).out).toContain('the same rows as before');
  });
});

describe('A rebuild while the system runs', () => {
  it('fails no read, loses no report and repeats no alert', async () => {
    const first = await report();
    await eventually(async () => {
      expect((await alerts()).map(({ position }) => position)).toContain(first.position - 1);
    });
    const before = await alerts();
    const over = new AbortController();
    const reading = (async () => {
      let reads = 0;
      for (; !over.signal.aborted; reads += 1) await client.send(ANALYST, '/v1/regions/wadi-barada/status');
      return reads;
    })();
    const reporting = (async () => {
      const incidents: Reported[] = [];
      while (!over.signal.aborted) incidents.push(await report({ kind: 'overflight' }));
      return incidents;
    })();
    const ran = [];
    for (const name of ['facts', 'alerts', 'facts', 'alerts']) ran.push(await barada(rebuild, name));
    ran.push(await barada(rebuild, 'facts', '--rollback'));
    over.abort();
    const [reads, incidents] = await Promise.all([reading, reporting]);
    expect(ran.map(({ failure }) => failure)).toEqual([null, null, null, null, null]);
    expect(ran.map(({ out }) => out.includes('the same rows as before'))).toEqual([true, true, true, true, true]);
    expect(reads).toBeGreaterThan(0);
    const last = Math.max(0, ...incidents.map(({ position }) => position));
    expect(await incidentIds(last)).toEqual(expect.arrayContaining(incidents.map(({ incident }) => incident)));
    const now = await alerts();
    expect(now.slice(0, before.length)).toEqual(before);
    expect(new Set(now.map(({ id }) => id)).size).toBe(now.length);
  }, 120_000);

  it('names the projections, and refuses a rollback without previous rows', async () => {
    expect((await barada(rebuild, 'nothing')).failure).toBe(
      'There is no projection nothing. The projections are facts, alerts.',
    );
    expect((await barada(rebuild, 'facts', '--forget')).failure).toBeNull();
    expect((await barada(rebuild, 'facts', '--rollback')).failure).toBe(
      'There are no rows of facts from before a rebuild.',
    );
  });

  it('repairs damaged facts and the status computed from them', async () => {
    const { position } = await report();
    const path = `/v1/regions/SY030702/status?minPosition=${position}`;
    const intensity = async (): Promise<unknown> =>
      ((await client.send(ANALYST, path)).body as { intensity: unknown }).intensity;
    const right = await intensity();
    await owner`delete from incident_fact`;
    await owner`update checkpoints set generation = generation + 1 where projection = 'facts'`;
    expect(await intensity()).toBe(0);
    expect((await barada(rebuild, 'facts')).out).toContain('different rows than before');
    expect(await intensity()).toBe(right);
  });
});
