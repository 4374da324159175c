import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { closePool, openPool, type Sql } from '#database';
import { eventually } from '../../../test/support/eventually.js';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import type { StoredEvent } from '#event-log';
import { PostgresCheckpoints } from './postgres-checkpoints.js';
import { ProjectionRunner } from './projection-runner.js';
import { Projection, type Session } from './projection.js';
import { digest, rebuild } from './rebuild.js';

/** Lists the streams, in the order in which they began, and how many events each has. */
class StreamList extends Projection {
  override readonly name: string = 'stream-list';
  override readonly tables = ['stream_list'];
  failure: Error | null = null;

  override async apply(batch: readonly StoredEvent[], session: Session): Promise<void> {
    for (const { stream, position } of batch) {
      await session`
        insert into stream_list (stream, began, events) values (${stream}, ${position}, 1)
        on conflict (stream) do update set events = stream_list.events + 1`;
    }
    if (this.failure) throw this.failure;
  }
}

let database: TestDatabase;
let owner: Sql;
let running: ProjectionRunner[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  owner = openPool(database.url, { applicationName: 'test owner', connections: 1 });
  await owner`create table stream_list (stream text primary key, began bigint not null, events int not null)`;
  await owner`grant select, insert, update, delete on stream_list to barada_analysis`;
});
afterEach(async () => {
  await Promise.all(running.map((runner) => runner.stop()));
  running = [];
});
afterAll(async () => {
  await closePool(owner);
  await database.drop();
});

function start(projection: Projection): { runner: ProjectionRunner; checkpoints: PostgresCheckpoints } {
  const checkpoints = new PostgresCheckpoints(database.databases.analysis);
  const runner = new ProjectionRunner({
    log: database.log,
    sql: database.databases.analysis,
    projections: [projection],
    checkpoints,
    now: () => '2017-01-15T10:00:00.000Z',
    onFailure: () => undefined,
  });
  runner.start();
  running.push(runner);
  return { runner, checkpoints };
}

async function append(stream: string, expected = 0): Promise<number> {
  const outcome = await database.log.append({
    writes: [
      {
        stream,
        expected,
        events: [{ key: stream, event: { type: 'ReportWithdrawn', data: { report: stream, incident: null } } }],
      },
    ],
    meta: { by: { who: 'm', role: 'monitor', party: null }, fingerprint: null, correlation: randomUUID() },
  });
  if (outcome.kind !== 'appended') throw new Error(outcome.kind);
  return outcome.position;
}

const rows = (): Promise<{ stream: string; events: number }[]> =>
  owner<{ stream: string; events: number }[]>`select stream, events from stream_list order by began`;

describe('The projection runner', () => {
  it('folds what is in the log and what comes, and tells when it has passed a position', async () => {
    const before = await append(randomUUID());
    const { runner, checkpoints } = start(new StreamList());
    expect(await checkpoints.passed('stream-list', before, 10_000)).toBe(true);
    const stream = randomUUID();
    const position = await append(stream);
    expect(await checkpoints.passed('stream-list', position, 10_000)).toBe(true);
    expect((await rows()).at(-1)).toEqual({ stream, events: 1 });
    expect(await checkpoints.all()).toEqual([{ projection: 'stream-list', position }]);
    expect(runner.states).toEqual([{ projection: 'stream-list', position, failing: null, takenOver: false }]);
  });

  it('tells a waiter in another process too', async () => {
    start(new StreamList());
    const elsewhere = new PostgresCheckpoints(database.databases.analysis);
    const position = await append(randomUUID());
    expect(await elsewhere.passed('stream-list', position, 10_000)).toBe(true);
  });

  it('says so when a position is not reached in time', async () => {
    const { checkpoints } = start(new StreamList());
    expect(await checkpoints.passed('stream-list', 1_000_000, 50)).toBe(false);
    expect(await checkpoints.passed('nobody', 1, 50)).toBe(false);
  });

  it('writes nothing of a batch that fails, shows why, and goes on once the cause is gone', async () => {
    const projection = new StreamList();
    projection.failure = new Error('the fold is broken');
    const { runner, checkpoints } = start(projection);
    const stream = randomUUID();
    const position = await append(stream);
    await eventually(() => {
      expect(runner.states[0]?.failing).toEqual({ since: '2017-01-15T10:00:00.000Z', message: 'the fold is broken' });
    });
    expect((await rows()).map((row) => row.stream)).not.toContain(stream);
    projection.failure = null;
    expect(await checkpoints.passed('stream-list', position, 10_000)).toBe(true);
    expect((await rows()).at(-1)).toEqual({ stream, events: 1 });
    await eventually(() => {
      expect(runner.states[0]?.failing).toBeNull();
    });
  });

  it('leaves a projection to whoever took it over', async () => {
    const { runner: zombie } = start(new StreamList());
    await eventually(() => {
      expect(zombie.states[0]?.position).toBeGreaterThan(0);
    });
    const { checkpoints } = start(new StreamList());
    const streams = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const stream = randomUUID();
        await append(stream);
        return append(stream, 1).then(() => stream);
      }),
    );
    const { position } = await database.log.head();
    expect(await checkpoints.passed('stream-list', position, 10_000)).toBe(true);
    await eventually(() => {
      expect(zombie.states[0]?.takenOver).toBe(true);
    });
    const counts = new Map((await rows()).map(({ stream, events }) => [stream, events]));
    expect(streams.map((stream) => counts.get(stream))).toEqual(streams.map(() => 2));
  });

  it('loses and doubles nothing when its connections are killed', async () => {
    const { checkpoints } = start(new StreamList());
    const streams: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      const stream = randomUUID();
      streams.push(stream);
      await append(stream);
      await owner`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'test barada_analysis'`;
    }
    const { position } = await eventually(() => database.log.head());
    expect(await eventually(() => checkpoints.passed('stream-list', position, 20_000))).toBe(true);
    const counts = new Map((await rows()).map(({ stream, events }) => [stream, events]));
    expect(streams.map((stream) => counts.get(stream))).toEqual(streams.map(() => 1));
  });
});

describe('A rebuild', () => {
  it('makes the same rows as the live fold, and the digest shows it', async () => {
    const projection = new StreamList();
    const { runner, checkpoints } = start(projection);
    const position = await append(randomUUID());
    await checkpoints.passed('stream-list', position, 10_000);
    await runner.stop();
    const live = await digest(projection, database.databases.analysis);
    await owner`update stream_list set events = events + 1 where began = ${position}`;
    expect(await digest(projection, database.databases.analysis)).not.toEqual(live);
    expect(await rebuild(projection, { log: database.log, sql: database.databases.analysis })).toBe(position);
    expect(await digest(projection, database.databases.analysis)).toEqual(live);
    expect(live).toEqual([{ table: 'stream_list', rows: (await rows()).length, digest: expect.any(String) }]);
  });
});
