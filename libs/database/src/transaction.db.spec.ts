import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { ConnectionLost } from './transaction-scope.js';
import { closePool, openPool } from './pool.js';
import { inTransaction } from './transaction.js';

let database: TestDatabase;
let sql: ReturnType<typeof openPool>;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = openPool(database.url, { applicationName: 'test', connections: 3 });
  await sql`create table one (n int primary key)`;
});
beforeEach(async () => {
  await sql`truncate one`;
});
afterAll(async () => {
  await closePool(sql);
  await database.drop();
});

const stored = async (): Promise<number[]> =>
  (await sql<{ n: number }[]>`select n from one order by n`).map(({ n }) => n);

async function killedBy(session: typeof sql): Promise<void> {
  const [backend] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await sql`select pg_terminate_backend(${backend?.pid ?? 0})`;
}

describe('A transaction', () => {
  it('commits all its statements and returns the result of its work', async () => {
    const result = await inTransaction(sql, async (session) => {
      await session`insert into one ${session([{ n: 1 }, { n: 2 }])}`;
      expect(await stored()).toEqual([]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await stored()).toEqual([1, 2]);
  });

  it('rolls back when its work fails, and rethrows the error', async () => {
    const failing = inTransaction(sql, async (session) => {
      await session`insert into one values (1)`;
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const doubled = inTransaction(sql, async (session) => {
      await session`insert into one values (1)`;
      await session`insert into one values (1)`;
    });
    await expect(doubled).rejects.toThrow(/duplicate key/);
    expect(await stored()).toEqual([]);
  });

  it('writes nothing when its connection is lost between two statements', async () => {
    const losing = inTransaction(sql, async (session) => {
      await session`insert into one values (1)`;
      await killedBy(session);
      await session`insert into one values (2)`;
    });
    await expect(losing).rejects.toThrow();
    expect(await stored()).toEqual([]);
  });

  it('writes nothing and does not hang when its connection is lost during several statements', async () => {
    const losing = inTransaction(sql, async (session) => {
      await session`insert into one values (1)`;
      const [backend] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const many = Array.from({ length: 300 }, (_, n) => session`insert into one select ${n + 2} from pg_sleep(0.01)`);
      await sql`select pg_terminate_backend(${backend?.pid ?? 0})`;
      const results = await Promise.allSettled(many);
      expect(results.at(-1)?.status).toBe('rejected');
      await session`insert into one values (1000)`;
    });
    await expect(losing).rejects.toThrow(ConnectionLost);
    expect(await stored()).toEqual([]);
  });

  it('rejects statements once it is over', async () => {
    const escaped = await inTransaction(sql, (session) => Promise.resolve({ session }));
    await expect(escaped.session`insert into one values (1)`).rejects.toThrow(/is over/);
    expect(await stored()).toEqual([]);
  });

  it('runs concurrently with more transactions than there are connections', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        inTransaction(sql, async (session) => {
          await session`select pg_sleep(0.005)`;
          await session`insert into one values (${n})`;
        }),
      ),
    );
    expect(await stored()).toHaveLength(20);
  });

  it('stays atomic when connections are killed at random moments', async () => {
    const random = SeededRandom.forSpec('transaction');
    const acknowledged: number[] = [];
    const over = new AbortController();
    const kills = (async () => {
      while (!over.signal.aborted) {
        await sleep(random.next() * 10);
        await sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'test victim' and random() < 0.5`;
      }
    })();
    const victim = openPool(database.url, { applicationName: 'test victim', connections: 3 });
    await Promise.all(
      Array.from({ length: 120 }, async (_, n) => {
        await inTransaction(victim, async (session) => {
          await session`insert into one values (${2 * n})`;
          await session`insert into one values (${2 * n + 1})`;
        })
          .then(() => acknowledged.push(n))
          .catch(() => undefined);
      }),
    );
    over.abort();
    await kills;
    await closePool(victim);
    const rows = new Set(await stored());
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeLessThan(120);
    expect(acknowledged.filter((n) => !rows.has(2 * n) || !rows.has(2 * n + 1))).toEqual([]);
    expect([...rows].filter((n) => !rows.has(n % 2 === 0 ? n + 1 : n - 1))).toEqual([]);
  });
});
