import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresCheckpoints } from './postgres-checkpoints.js';
import { StreamListSystem } from '../../../../test/support/stream-list.js';

const NAME = 'stream-list';
const PATIENCE_MS = 10_000;

let system: StreamListSystem;
let checkpoints: PostgresCheckpoints;
beforeAll(async () => {
  system = await StreamListSystem.open();
});
afterAll(() => system.close());

// Two partitions. The second one has folded position 15, the last that was sent to it, so it counts as far as the relay.
beforeEach(async () => {
  checkpoints = new PostgresCheckpoints(system.dependencies.sql);
  await system.owner`delete from checkpoints`;
  await system.owner`delete from feed`;
  await system.owner`delete from feed_partitions`;
  await system.owner`insert into feed (position) values (20)`;
  await system.owner`insert into feed_partitions (partition, last) values (0, 20), (1, 15)`;
  await system.owner`insert into checkpoints (projection, partition, position) values (${NAME}, 0, 20), (${NAME}, 1, 15)`;
});

/** The relay sends several batches to the second partition: the view then only has its own checkpoint. */
async function sendBatches(): Promise<void> {
  await system.owner`update feed set position = 30`;
  await system.owner`update feed_partitions set last = 30, last_before = 25, whole_before = 29 where partition = 1`;
  expect(await new PostgresCheckpoints(system.dependencies.sql).watermark(NAME)).toEqual({
    position: 15,
    generation: 1,
  });
}

async function foldBatches(): Promise<void> {
  await system.owner`update checkpoints set position = 30 where projection = ${NAME} and partition = 1`;
}

/** Some of the earlier rows are rewritten. */
async function beginAnew(): Promise<void> {
  await system.owner`update checkpoints set generation = generation + 1 where projection = ${NAME}`;
}

describe('PostgresCheckpoints', () => {
  it('does not let a watermark go back while a partition has batches in progress, and then moves on', async () => {
    expect(await checkpoints.watermark(NAME)).toEqual({ position: 20, generation: 1 });
    await sendBatches();
    expect(await checkpoints.watermark(NAME)).toEqual({ position: 20, generation: 1 });
    expect(await checkpoints.position(NAME)).toBe(20);
    expect(await checkpoints.isReached(NAME, 20, 0)).toBe(true);
    expect(await checkpoints.isReached(NAME, 21, 0)).toBe(false);
    await foldBatches();
    expect(await checkpoints.watermark(NAME)).toEqual({ position: 30, generation: 1 });
  });

  it('never returns less than a position that was waited for', async () => {
    await sendBatches();
    const reached = checkpoints.waitFor(NAME, 26, PATIENCE_MS);
    await foldBatches();
    expect(await reached).toEqual({ position: 30, generation: 1 });
    await system.owner`update feed_partitions set last = 45, last_before = 40 where partition = 1`;
    await system.owner`update feed_partitions set last = 44, last_before = 41 where partition = 0`;
    expect(await new PostgresCheckpoints(system.dependencies.sql).position(NAME)).toBe(20);
    expect(await checkpoints.position(NAME)).toBe(30);
  });

  it('returns a lower watermark of a higher generation, to readers and waiters', async () => {
    expect(await checkpoints.position(NAME)).toBe(20);
    await sendBatches();
    await beginAnew();
    expect(await checkpoints.watermark(NAME)).toEqual({ position: 15, generation: 2 });
    expect(await checkpoints.waitFor(NAME, 20, 0)).toBeNull();
    const reached = checkpoints.waitFor(NAME, 20, PATIENCE_MS);
    await foldBatches();
    expect(await reached).toEqual({ position: 30, generation: 2 });
  });

  it('returns position 0 for an unknown projection', async () => {
    expect(await checkpoints.watermark('nobody')).toEqual({ position: 0, generation: 0 });
    expect(await checkpoints.waitFor('nobody', 0, 0)).toEqual({ position: 0, generation: 0 });
  });
});
