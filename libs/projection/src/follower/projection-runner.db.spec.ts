import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../../../test/support/eventually.js';
import { PartitionOwner, type KeyParked } from '../fold/partition-owner.js';
import { PostgresCheckpoints } from '../checkpoint/postgres-checkpoints.js';
import { StreamList, StreamListSystem } from '../../../../test/support/stream-list.js';

let system: StreamListSystem;
beforeAll(async () => {
  system = await StreamListSystem.open();
});
afterEach(() => system.stop());
afterAll(() => system.close());

/** Not the event's fault: such a failure is tried again. */
function diskFull(): Error {
  return Object.assign(new Error('the disk is full'), { code: '53100' });
}

describe('The projection runner', () => {
  it('folds existing and new events, and notifies waiters of a position', async () => {
    const before = await system.append();
    const { runner, checkpoints } = system.start(new StreamList());
    expect(await checkpoints.isReached('stream-list', before, 10_000)).toBe(true);
    const stream = randomUUID();
    const position = await system.append(stream);
    expect(await checkpoints.isReached('stream-list', position, 10_000)).toBe(true);
    expect((await system.rows()).at(-1)).toEqual({ stream, events: 1 });
    expect(await checkpoints.position('stream-list')).toBe(position);
    expect(runner.states).toEqual([{ projection: 'stream-list', position, failing: null, takenOver: false }]);
  });

  it('is noticed by a waiter in another process too', async () => {
    system.start(new StreamList());
    const elsewhere = new PostgresCheckpoints(system.dependencies.sql);
    expect(await elsewhere.isReached('stream-list', await system.append(), 10_000)).toBe(true);
  });

  it('times out if a position is not reached', async () => {
    const { checkpoints } = system.start(new StreamList());
    expect(await checkpoints.isReached('stream-list', 1_000_000, 50)).toBe(false);
    expect(await checkpoints.isReached('nobody', 1, 50)).toBe(false);
  });

  it('writes nothing of a failing batch, reports why, and resumes once the cause is gone', async () => {
    const projection = new StreamList();
    projection.failure = diskFull();
    const { runner, checkpoints } = system.start(projection);
    const stream = randomUUID();
    const position = await system.append(stream);
    await eventually(() => {
      expect(runner.states[0]?.failing).toEqual({ since: '2017-01-15T10:00:00.000Z', message: 'the disk is full' });
    });
    expect(await system.eventsOf(stream)).toBe(0);
    projection.failure = null;
    expect(await checkpoints.isReached('stream-list', position, 10_000)).toBe(true);
    expect(await system.eventsOf(stream)).toBe(1);
    await eventually(() => {
      expect(runner.states[0]?.failing).toBeNull();
    });
  });

  it('stops when another process takes the projection over', async () => {
    const { runner: zombie } = system.start(new StreamList());
    await eventually(() => {
      expect(zombie.states[0]?.position).toBeGreaterThan(0);
    });
    const { checkpoints } = system.start(new StreamList());
    const streams = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const stream = randomUUID();
        await system.append(stream);
        return system.append(stream, 1).then(() => stream);
      }),
    );
    const { position } = await system.database.log.head();
    expect(await checkpoints.isReached('stream-list', position, 10_000)).toBe(true);
    await eventually(() => {
      expect(zombie.states[0]?.takenOver).toBe(true);
    });
    const counts = new Map((await system.rows()).map(({ stream, events }) => [stream, events]));
    expect(streams.map((stream) => counts.get(stream))).toEqual(streams.map(() => 2));
  });

  it('writes nothing with an old epoch, not even dead letters', async () => {
    const { log, sql } = system.dependencies;
    const projection = new StreamList();
    const zombies = [new PartitionOwner(projection, 0, sql), new PartitionOwner(projection, 0, sql)];
    for (const zombie of zombies) await zombie.checkpoint();
    const owner = new PartitionOwner(projection, 0, sql);
    const { position: before } = await owner.checkpoint();
    const stream = randomUUID();
    const position = await system.append(stream);
    const batch = await log.read(before, 500);
    const parked: KeyParked[] = [];
    const fold = (by: PartitionOwner | undefined): Promise<boolean> | undefined =>
      by?.fold(batch, (error) => parked.push(error));
    expect(await fold(zombies[0])).toBe(false);
    projection.poison.add(position);
    expect(await fold(zombies[1])).toBe(false);
    expect(await system.eventsOf(stream)).toBe(0);
    projection.poison.clear();
    expect(await fold(owner)).toBe(true);
    expect(await fold(new PartitionOwner(projection, 0, sql))).toBe(true); // duplicates are dropped
    expect(await system.eventsOf(stream)).toBe(1);
    expect(parked).toEqual([]);
  });

  it('loses and repeats nothing when its connections are killed', async () => {
    const { checkpoints } = system.start(new StreamList());
    const streams: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      const stream = randomUUID();
      streams.push(stream);
      await system.append(stream);
      await system.owner`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'test barada_analysis'`;
    }
    const { position } = await eventually(() => system.database.log.head());
    expect(await eventually(() => checkpoints.isReached('stream-list', position, 20_000))).toBe(true);
    const counts = new Map((await system.rows()).map(({ stream, events }) => [stream, events]));
    expect(streams.map((stream) => counts.get(stream))).toEqual(streams.map(() => 1));
    const [proof] = await eventually(() => checkpoints.progress());
    expect(proof).toMatchObject({ lag: 0, parked: 0, degradedSince: null });
  });

  it('is reported as stalled by the log and the checkpoint alone', async () => {
    const { checkpoints } = system.start(new StreamList());
    expect(await checkpoints.isReached('stream-list', await system.append(), 10_000)).toBe(true);
    await system.stop();
    await system.owner`update checkpoints set moved_at = moved_at - interval '1 minute'`;
    const [idle] = await checkpoints.progress();
    expect(idle).toMatchObject({ lag: 0, standsStillSeconds: 0 });
    await system.append();
    await system.owner`update events set recorded_at = recorded_at - interval '1 minute'`;
    const [stopped] = await checkpoints.progress();
    expect(stopped).toMatchObject({ projection: 'stream-list', lag: 1 });
    expect(stopped?.standsStillSeconds).toBeGreaterThan(50);
  });
});
