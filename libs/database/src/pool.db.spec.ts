import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testServer } from '../../../test/support/server.js';
import { closePool, openPool } from './pool.js';

const url = await testServer();
let pool: ReturnType<typeof openPool>;
let other: ReturnType<typeof openPool>;
beforeAll(() => {
  pool = openPool(url, { applicationName: 'test pool', connections: 2 });
  other = openPool(url, { applicationName: 'test other', connections: 1 });
});
afterAll(() => Promise.all([closePool(pool), closePool(other)]));

const backends = (): Promise<{ pid: number }[]> =>
  other<{ pid: number }[]>`select pid from pg_stat_activity where application_name = 'test pool'`;

describe('A pool', () => {
  it('opens no more connections than its limit, and answers every statement', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => pool<{ n: number }[]>`select ${n}::int as n from pg_sleep(0.002)`),
    );
    expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(await backends()).toHaveLength(2);
  });

  it('mixes no rows of a lost connection into later answers', async () => {
    // The connection is lost after half of the answer has arrived.
    const half = pool`
      select repeat('x', 1000) as x, case when n = 200 then pg_sleep(5)::text end as s from generate_series(1, 400) n`;
    const lost = half.then(
      () => 'whole',
      () => 'lost',
    );
    for (let seen = 0; seen === 0;) {
      seen = (
        await other`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'test pool' and query like '%pg_sleep(5)%' and wait_event = 'PgSleep'`
      ).length;
    }
    expect(await lost).toBe('lost');
    for (let n = 0; n < 6; n += 1) {
      expect([...(await pool`select ${n}::int as n`)]).toEqual([{ n }]);
    }
  });

  it('works again after all its connections were killed', async () => {
    for (let round = 0; round < 5; round += 1) {
      const killed = (await backends()).length;
      await other`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test pool'`;
      expect(killed).toBeGreaterThan(0);
      await pool`select 1`.catch(() => undefined); // may use a connection whose loss has not been noticed yet
      await pool`select 1`.catch(() => undefined);
      expect([...(await pool`select 1 as one`)]).toEqual([{ one: 1 }]);
    }
  });

  it('offers no transactions', () => {
    expect(() => pool.reserve()).toThrow(/inTransaction/);
  });

  it('rejects statements once it is closed', async () => {
    const closed = openPool(url, { applicationName: 'test closed', connections: 1 });
    await closed`select 1`;
    await closePool(closed);
    await expect(closed`select 1`).rejects.toThrow(/lost/);
  });
});
