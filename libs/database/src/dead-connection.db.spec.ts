import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testServer } from '../../../test/support/server.js';
import { TcpProxy } from '../../../test/support/tcp-proxy.js';
import { closePool, openPool } from './pool.js';
import { inTransaction } from './transaction.js';

// The pool gives up this and five seconds after the last answer.
const STATEMENT_TIMEOUT_MS = 500;
const TIMEOUT_MS = 60_000;

const url = new URL(await testServer());
let proxy: TcpProxy;
let pool: ReturnType<typeof openPool>;
beforeAll(async () => {
  proxy = await TcpProxy.to(Number(url.port));
  const proxied = new URL(url);
  proxied.port = String(proxy.port);
  pool = openPool(proxied.href, {
    applicationName: 'test dead',
    connections: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
});
afterAll(async () => {
  await proxy.close();
  await closePool(pool);
});

describe('A connection whose peer does not answer any more', () => {
  it(
    'fails its statements, and is replaced by a new one',
    async () => {
      await pool`select 1`;
      proxy.stall();
      await expect(pool`select 2`).rejects.toThrow(/CONNECTION_DESTROYED/);
      proxy.resume();
      expect([...(await pool`select 3 as n`)]).toEqual([{ n: 3 }]);
    },
    TIMEOUT_MS,
  );

  it(
    'fails its transaction, and is replaced by a new one',
    async () => {
      const stuck = inTransaction(pool, async (sql) => {
        await sql`select 1`;
        proxy.stall();
        await sql`select 2`;
      });
      await expect(stuck).rejects.toThrow(/lost|CONNECTION_DESTROYED/);
      proxy.resume();
      expect([...(await inTransaction(pool, (sql) => sql`select 3 as n`))]).toEqual([{ n: 3 }]);
    },
    TIMEOUT_MS,
  );
});
