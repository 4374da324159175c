import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '#event-log';
import { countPartitions } from './feed-store.js';
import { repartition, resendFrom } from './repartition.js';
import { PartitionOwner } from '../fold/partition-owner.js';
import { partitionOf } from './partition.js';
import { PostgresCheckpoints } from '../checkpoint/postgres-checkpoints.js';
import { compareWithLog, rebuild, rollback } from '../rebuild/rebuild.js';
import { StreamList, StreamListSystem } from '../../../../test/support/stream-list.js';

const PARTITIONS = 3;

let system: StreamListSystem;
let projection: StreamList;
beforeAll(async () => {
  system = await StreamListSystem.open();
  projection = new StreamList();
  for (let count = 0; count < 20; count += 1) await system.append();
  const { runner, checkpoints } = system.start(projection);
  await checkpoints.isReached(projection.name, 20, 10_000);
  await runner.stop();
  await repartition(PARTITIONS, { ...system.dependencies, projections: [projection] });
});
afterAll(() => system.close());

async function positions(): Promise<readonly number[]> {
  const rows = await system.owner<{ position: number }[]>`
    select position::int as position from checkpoints where projection = ${projection.name} order by partition`;
  return rows.map(({ position }) => position);
}

/** Reads the tables; a PostgresCheckpoints that was used before would remember higher positions. */
function positionSaid(): Promise<number> {
  return new PostgresCheckpoints(system.dependencies.sql).position(projection.name);
}

/** Appends some events, of which the owner of one partition folds its own. */
async function runAhead(partition: number): Promise<PartitionOwner> {
  for (let count = 0; count < 12; count += 1) await system.append(randomUUID());
  const owner = new PartitionOwner(projection, partition, system.dependencies.sql);
  const { position } = await owner.checkpoint();
  await owner.fold(await own(owner, position), fail);
  return owner;
}

async function own({ partitions, partition }: PartitionOwner, after: number): Promise<readonly StoredEvent[]> {
  const events = await system.dependencies.log.read(after, 500);
  return events.filter(({ key }) => partitionOf(key, partitions) === partition);
}

function fail(error: Error): never {
  throw error;
}

describe('A partitioned log', () => {
  it('starts each partition at the position of the undivided projection', async () => {
    expect(await countPartitions(system.dependencies.sql)).toBe(PARTITIONS);
    expect(await positions()).toEqual([20, 20, 20]);
  });

  it('is complete up to its slowest partition; one that has all it was sent counts as far as the relay', async () => {
    const owner = await runAhead(1);
    expect(await positionSaid()).toBe(20);
    const head = (await system.dependencies.log.head()).position;
    await system.owner`update feed set position = ${head}`;
    await system.owner`update feed_partitions set last = 20`;
    await system.owner`update feed_partitions set last = ${owner.position} where partition = 1`;
    expect(await positionSaid()).toBe(head);
    // Another partition was sent a batch that it has not folded: it still counts up to the relay's position before that batch.
    await system.owner`
      update feed_partitions set last = ${head}, last_before = 20, whole_before = ${head - 3} where partition = 2`;
    expect(await positionSaid()).toBe(head - 3);
    expect((await new PostgresCheckpoints(system.dependencies.sql).progress())[0]).toMatchObject({
      position: head - 3,
      lag: 3,
    });
    // If it lacks the batch before that too, only its own checkpoint counts.
    await system.owner`update feed_partitions set last_before = 21 where partition = 2`;
    expect(await positionSaid()).toBe(20);
  });

  it('is compared with a fold of the log, and rebuilt, while its partitions are at different positions', async () => {
    await runAhead(0);
    expect(new Set(await positions()).size).toBeGreaterThan(1);
    expect(await compareWithLog(projection, system.dependencies)).toMatchObject({ equal: true });
    expect(new Set(await positions()).size).toBeGreaterThan(1);
    const { comparison, position } = await rebuild(projection, system.dependencies);
    expect(comparison.equal).toBe(true);
    expect(await positions()).toEqual([position, position, position]);
    await runAhead(2);
    expect((await rollback(projection, system.dependencies))?.comparison.equal).toBe(true);
    expect(await compareWithLog(projection, system.dependencies)).toMatchObject({ equal: true });
  });

  it('lets an owner continue after a rebuild has moved its checkpoint', async () => {
    const owner = await runAhead(1);
    const before = owner.position;
    await runAhead(2);
    await rebuild(projection, system.dependencies);
    const batch = await own(owner, before);
    expect(await owner.fold(batch.slice(-1), fail)).toBe(batch.length === 0);
    expect((await owner.checkpoint()).position).toBeGreaterThan(before);
    expect(await owner.fold(await own(owner, before), fail)).toBe(true);
    expect(owner.isTakenOver).toBe(false);
    expect(await compareWithLog(projection, system.dependencies)).toMatchObject({ equal: true });
  });

  it('is repartitioned with all partitions at one position, and previous owners write nothing', async () => {
    const owner = await runAhead(2);
    const { position: head } = await system.dependencies.log.head();
    await system.owner`update feed set position = ${head}`;
    const change = await repartition(5, { ...system.dependencies, projections: [projection] });
    expect(change).toEqual({ before: PARTITIONS, now: 5 });
    expect(await positions()).toEqual(Array.from({ length: 5 }, () => head));
    await system.append();
    expect(await owner.fold(await system.dependencies.log.read(head, 10), fail)).toBe(false);
    await owner.checkpoint();
    expect(owner.isTakenOver).toBe(true);
    expect(await compareWithLog(projection, system.dependencies)).toMatchObject({ equal: true });
  });

  it('keeps its watermark when everything is sent again', async () => {
    const before = await positionSaid();
    await resendFrom(0, system.dependencies.sql);
    expect(await positionSaid()).toBe(before);
    const [feed] = await system.owner<{ position: number }[]>`select position::int as position from feed`;
    expect(feed?.position).toBe(0);
  });

  it('cannot get fewer partitions, but none', async () => {
    const parts = { ...system.dependencies, projections: [projection] };
    await expect(repartition(2, parts)).rejects.toThrow(/only more are possible/);
    await repartition(0, parts);
    expect((await positions()).length).toBe(1);
    const { runner, checkpoints } = system.start(projection);
    const position = await system.append();
    expect(await checkpoints.isReached(projection.name, position, 10_000)).toBe(true);
    await runner.stop();
    expect(await compareWithLog(projection, system.dependencies)).toMatchObject({ equal: true });
  });
});

describe('Progress of a partitioned log', () => {
  it('reports the lag of each partition and the position of the relay', async () => {
    const checkpoints = new PostgresCheckpoints(system.dependencies.sql);
    await repartition(PARTITIONS, { ...system.dependencies, projections: [projection] });
    const { position: head } = await system.dependencies.log.head();
    await system.owner`
      insert into feed (epoch, position, renewed_at) values (4, ${head}, clock_timestamp())
      on conflict (single) do update set epoch = 4, position = ${head}, renewed_at = clock_timestamp()`;
    await system.owner`update feed_partitions set last = case partition when 1 then ${head} else 1 end`;
    await system.owner`update checkpoints set position = 3 where projection = ${projection.name}`;
    const progress = await checkpoints.partitionProgress();
    expect(progress.filter((partition) => partition.projection === projection.name)).toEqual(
      [0, head - 3, 0].map((lag, partition) => ({ projection: projection.name, partition, position: 3, lag })),
    );
    expect(await checkpoints.relayProgress()).toEqual({
      ...{ position: head, epoch: 4, silentSeconds: expect.any(Number) },
      sent: [1, head, 1].map((last, partition) => ({ partition, last })),
    });
    await system.owner`update feed set renewed_at = '-infinity'`;
    expect(await checkpoints.relayProgress()).toMatchObject({ epoch: 4, silentSeconds: null });
  });
});
