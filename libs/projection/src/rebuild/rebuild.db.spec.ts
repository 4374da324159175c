import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { digest } from './digest.sql.js';
import { discardPrevious, rebuild, rollback } from './rebuild.js';
import { StreamList, StreamListSystem } from '../../../../test/support/stream-list.js';

let system: StreamListSystem;
beforeAll(async () => {
  system = await StreamListSystem.open();
});
afterEach(() => system.stop());
afterAll(() => system.close());

const projection = new StreamList();

/** A fold that counts differently, as a corrected one would. */
class TwiceList extends StreamList {
  override async apply(...given: Parameters<StreamList['apply']>): Promise<void> {
    await super.apply(...given);
    await super.apply(...given);
  }
}

async function grown(events = 5): Promise<number> {
  const { checkpoints } = system.start(projection);
  const positions = await Promise.all(Array.from({ length: events }, () => system.append()));
  const last = Math.max(...positions);
  expect(await checkpoints.isReached('stream-list', last, 10_000)).toBe(true);
  return last;
}

describe('A rebuild', () => {
  it('writes the same rows as the live fold, and the digests are equal', async () => {
    const position = await grown();
    const before = await digest(projection, system.dependencies.sql);
    const { comparison } = await rebuild(projection, system.dependencies);
    expect(comparison).toMatchObject({ position, equal: true });
    expect(await digest(projection, system.dependencies.sql)).toEqual(before);
    expect(before).toEqual([{ table: 'stream_list', rows: (await system.rows()).length, digest: expect.any(String) }]);
  });

  it('shows which tables differ, and corrects wrong live rows', async () => {
    const position = await grown();
    await system.stop();
    const right = await digest(projection, system.dependencies.sql);
    await system.owner`update stream_list set events = events + 1 where began = ${position}`;
    const { comparison } = await rebuild(projection, system.dependencies);
    expect(comparison.equal).toBe(false);
    expect(comparison.tables.map(({ table, rebuilt }) => [table, rebuilt])).toEqual([['stream_list', right[0]]]);
    expect(await digest(projection, system.dependencies.sql)).toEqual(right);
  });

  it('runs while events are folded and rows are read, and no read fails', async () => {
    const { checkpoints } = system.start(projection);
    const over = new AbortController();
    const reading = (async () => {
      const counts: number[] = [];
      while (!over.signal.aborted) {
        const [row] = await system.dependencies.sql<{ rows: number }[]>`select count(*) as rows from stream_list`;
        counts.push(row?.rows ?? 0);
      }
      return counts;
    })();
    const appending = (async () => {
      const streams: string[] = [];
      while (!over.signal.aborted) {
        const stream = randomUUID();
        await system.append(stream);
        streams.push(stream);
      }
      return streams;
    })();
    const rebuilt = [];
    for (let round = 0; round < 3; round += 1) rebuilt.push(await rebuild(projection, system.dependencies));
    over.abort();
    const [counts, streams] = await Promise.all([reading, appending]);
    expect(rebuilt.map(({ comparison }) => comparison.equal)).toEqual([true, true, true]);
    // No reader ever saw fewer rows than one before it.
    expect(counts).toEqual([...counts].sort((one, other) => one - other));
    const { position } = await system.database.log.head();
    expect(await checkpoints.isReached('stream-list', position, 10_000)).toBe(true);
    const folded = new Map((await system.rows()).map(({ stream, events }) => [stream, events]));
    expect(streams.map((stream) => folded.get(stream))).toEqual(streams.map(() => 1));
  }, 120_000);

  it('reports its progress', async () => {
    const position = await grown();
    const seen: (readonly [number, number])[] = [];
    await rebuild(projection, { ...system.dependencies, onProgress: (at, goal) => seen.push([at, goal]) });
    expect(seen).toEqual([[position, position]]);
  });

  it('keeps indexes, their names and rights', async () => {
    const indexes = () => system.owner<{ name: string; definition: string }[]>`
      select indexname as name, indexdef as definition from pg_indexes
      where schemaname = 'public' and tablename = 'stream_list' order by indexname`;
    const before = await indexes();
    await rebuild(projection, system.dependencies);
    expect(await indexes()).toEqual(before);
    expect(before).toHaveLength(2);
  });

  it('touches no table that its role could not empty', async () => {
    class Thief extends StreamList {
      override readonly tables = ['events'];
    }
    await expect(rebuild(new Thief(), system.dependencies)).rejects.toThrow(
      'not all of {events} are tables of projections',
    );
  });

  it('stops if another rebuild starts', async () => {
    await grown();
    let second: Promise<unknown> | null = null;
    const first = rebuild(projection, {
      ...system.dependencies,
      onProgress: () => {
        second ??= rebuild(projection, system.dependencies);
      },
    });
    const outcomes = await Promise.allSettled([
      first.catch(() => 'superseded'),
      first.then(
        () => second,
        () => second,
      ),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect((await rebuild(projection, system.dependencies)).comparison.equal).toBe(true);
  });
});

describe('A rollback', () => {
  it('restores the previous rows, brought up to date', async () => {
    await grown();
    const { checkpoints } = system.start(projection);
    await rebuild(new TwiceList(), system.dependencies);
    const last = randomUUID();
    const position = await system.append(last);
    expect(await checkpoints.isReached('stream-list', position, 10_000)).toBe(true);
    expect(new Set((await system.rows()).map(({ events }) => events))).toEqual(new Set([2, 1]));
    const back = await rollback(projection, system.dependencies);
    expect(back).toMatchObject({ position, comparison: { position, equal: false } });
    expect(new Set((await system.rows()).map(({ events }) => events))).toEqual(new Set([1]));
    expect(await system.eventsOf(last)).toBe(1);
    expect((await rebuild(projection, system.dependencies)).comparison.equal).toBe(true);
  });

  it('returns null if nothing is kept', async () => {
    await grown();
    await rebuild(projection, system.dependencies);
    expect(await discardPrevious(projection, system.dependencies)).toBe(true);
    expect(await rollback(projection, system.dependencies)).toBeNull();
    expect(await discardPrevious(projection, system.dependencies)).toBe(false);
  });
});
