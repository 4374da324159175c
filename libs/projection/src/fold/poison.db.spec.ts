import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../../../test/support/eventually.js';
import { listDeadLetters, PARKED_KEYS_MAX } from './dead-letter-store.js';
import { compareWithLog, rebuild } from '../rebuild/rebuild.js';
import { dropDeadLetter, retryDeadLetters } from './dead-letters.js';
import { StreamList, StreamListSystem } from '../../../../test/support/stream-list.js';

let system: StreamListSystem;
beforeAll(async () => {
  system = await StreamListSystem.open();
});
afterEach(async () => {
  await system.stop();
  for (const { key } of await listDeadLetters(system.dependencies.sql))
    await retryDeadLetters(new StreamList(), key, system.dependencies);
});
afterAll(() => system.close());

type Poisoned = {
  readonly projection: StreamList;
  readonly stream: string;
  readonly other: string;
  /** Position of the stream's second event. */
  readonly culprit: number;
};

/** Appends three events of one stream, the second of them poison, among others; waits until the checkpoint has passed all. */
async function poisoned(): Promise<Poisoned> {
  const projection = new StreamList();
  const [stream, other] = [randomUUID(), randomUUID()];
  await system.append(stream);
  await system.append(other);
  const culprit = await system.append(stream, 1);
  projection.poison.add(culprit);
  await system.append(other, 1);
  await system.append(stream, 2);
  const { checkpoints } = system.start(projection);
  expect(await checkpoints.isReached('stream-list', await system.append(other, 2), 10_000)).toBe(true);
  return { projection, stream, other, culprit };
}

describe('A poison event', () => {
  it('parks its key alone, while others go on', async () => {
    const { stream, other, culprit } = await poisoned();
    expect([await system.eventsOf(stream), await system.eventsOf(other)]).toEqual([1, 3]);
    expect(await listDeadLetters(system.dependencies.sql)).toEqual([
      {
        ...{ projection: 'stream-list', key: stream, position: culprit, waiting: 1 },
        ...{ error: `event ${culprit} is poison`, since: expect.any(String) },
      },
    ]);
    expect(system.failures.at(-1)).toContain(`event ${culprit} cannot be folded, so ${stream} is parked`);
  });

  it('is visible in the progress: how many keys are parked, and since when', async () => {
    await poisoned();
    const { checkpoints } = system.start(new StreamList());
    const [proof] = await checkpoints.progress();
    expect(proof).toMatchObject({ lag: 0, parked: 1, degradedSince: expect.any(String) });
  });

  it('makes later events of its key wait, in order', async () => {
    const { stream, culprit } = await poisoned();
    const { checkpoints } = system.start(new StreamList());
    const later = await system.append(stream, 3);
    expect(await checkpoints.isReached('stream-list', later, 10_000)).toBe(true);
    expect(await system.eventsOf(stream)).toBe(1);
    const letters = await system.owner<{ position: number }[]>`
      select position from dead_letters where key = ${stream} order by position`;
    expect(letters.map(({ position }) => position)).toEqual([culprit, culprit + 2, later]);
  });

  it('is folded by a retry once the cause is gone, with all events that wait for it', async () => {
    const { projection, stream, culprit } = await poisoned();
    expect(await retryDeadLetters(projection, stream, system.dependencies)).toEqual({
      folded: 0,
      culprit: { key: stream, position: culprit, error: `event ${culprit} is poison` },
    });
    const { checkpoints } = system.start(projection);
    const before = await checkpoints.watermark('stream-list');
    projection.poison.clear();
    expect(await retryDeadLetters(projection, stream, system.dependencies)).toEqual({ folded: 2, culprit: null });
    expect(await system.eventsOf(stream)).toBe(3);
    expect(await retryDeadLetters(projection, stream, system.dependencies)).toBeNull();
    // Caches of the rows see that some before their watermark were rewritten.
    expect((await checkpoints.watermark('stream-list')).generation).toBeGreaterThan(before.generation);
    expect(await checkpoints.isReached('stream-list', await system.append(stream, 3), 10_000)).toBe(true);
    expect(await system.eventsOf(stream)).toBe(4);
    expect((await compareWithLog(projection, system.dependencies)).equal).toBe(true);
  });

  it('stays in order when a retry runs while new events of its key arrive', async () => {
    const { projection, stream } = await poisoned();
    projection.poison.clear();
    const { checkpoints } = system.start(projection);
    const appending = (async () => {
      let last = 0;
      for (let version = 3; version < 40; version += 1) last = await system.append(stream, version);
      return last;
    })();
    await retryDeadLetters(projection, stream, system.dependencies);
    expect(await checkpoints.isReached('stream-list', await appending, 10_000)).toBe(true);
    // Events that the follower parked while the retry ran.
    await retryDeadLetters(projection, stream, system.dependencies);
    expect(await system.eventsOf(stream)).toBe(40);
    expect(await listDeadLetters(system.dependencies.sql)).toEqual([]);
  });

  it('is dropped only by its position, and that is recorded; a rebuild leaves it out too', async () => {
    const { projection, stream, culprit } = await poisoned();
    const by = { sql: system.dependencies.sql, by: 'operator-1' };
    expect(await dropDeadLetter('stream-list', culprit + 2, by)).toBeNull();
    expect(await dropDeadLetter('stream-list', culprit, by)).toEqual({
      key: stream,
      error: `event ${culprit} is poison`,
    });
    expect(await retryDeadLetters(projection, stream, system.dependencies)).toEqual({ folded: 1, culprit: null });
    expect(await system.eventsOf(stream)).toBe(2);
    const recorded = await system.owner<{ position: number; by: string }[]>`
      select position, dropped_by as by from dropped_letters where key = ${stream}`;
    expect(recorded).toEqual([{ position: culprit, by: 'operator-1' }]);
    expect((await compareWithLog(new StreamList(), system.dependencies)).equal).toBe(true);
  });

  it('is parked in a rebuild as it is in the live rows, and folded by a rebuild that understands it', async () => {
    const { projection, stream, culprit } = await poisoned();
    expect((await rebuild(projection, system.dependencies)).comparison.equal).toBe(true);
    expect((await listDeadLetters(system.dependencies.sql)).map(({ position }) => position)).toEqual([culprit]);
    expect((await rebuild(new StreamList(), system.dependencies)).comparison.equal).toBe(false);
    expect(await listDeadLetters(system.dependencies.sql)).toEqual([]);
    expect(await system.eventsOf(stream)).toBe(3);
  });

  it('is found in a batch of many', async () => {
    const projection = new StreamList();
    const streams = Array.from({ length: 200 }, () => randomUUID());
    const positions = await Promise.all(streams.map((stream) => system.append(stream)));
    for (const index of [0, 77, 199]) projection.poison.add(positions[index] ?? 0);
    const { checkpoints } = system.start(projection);
    expect(await checkpoints.isReached('stream-list', Math.max(...positions), 20_000)).toBe(true);
    const parked = (await listDeadLetters(system.dependencies.sql)).map(({ position }) => position);
    expect(parked.sort((one, other) => one - other)).toEqual([...projection.poison].sort((one, other) => one - other));
  });

  it('stops the projection if there are too many of them: then the cause is the program', async () => {
    const projection = new StreamList();
    const streams = Array.from({ length: PARKED_KEYS_MAX + 1 }, () => randomUUID());
    const positions = await Promise.all(streams.map((stream) => system.append(stream)));
    projection.failure = new Error('the fold is broken');
    const { runner, checkpoints } = system.start(projection);
    await eventually(() => {
      expect(runner.states[0]?.failing?.message).toContain(`more than ${PARKED_KEYS_MAX} keys cannot be folded`);
    }, 30_000);
    projection.failure = null;
    expect(await checkpoints.isReached('stream-list', Math.max(...positions), 20_000)).toBe(true);
    const counts = new Map((await system.rows()).map(({ stream, events }) => [stream, events]));
    const parked = new Set((await listDeadLetters(system.dependencies.sql)).map(({ key }) => key));
    expect(streams.map((stream) => (counts.get(stream) ?? 0) + (parked.has(stream) ? 1 : 0))).toEqual(
      streams.map(() => 1),
    );
  });
});
