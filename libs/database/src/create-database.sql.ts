// Creates and drops databases of a server.
import type { Sql } from 'postgres';
import { closePool, openPool } from './pool.js';

const STATEMENT_TIMEOUT_MS = 60_000;

/** URL of another database of the same server. */
export function urlOfDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Creates the database if it does not exist and returns its URL. `serverUrl` names any database of the server. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await onServer(serverUrl, async (sql) => {
    const there = await sql`select from pg_database where datname = ${name}`;
    if (there.length === 0) await sql`create database ${sql(name)} encoding 'UTF8' template template0`;
  });
  return urlOfDatabase(serverUrl, name);
}

/** Drops the database and terminates its connections. */
export function dropDatabase(serverUrl: string, name: string): Promise<void> {
  return onServer(serverUrl, async (sql) => {
    await sql`drop database if exists ${sql(name)} with (force)`;
  });
}

async function onServer(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = openPool(url, {
    applicationName: 'barada',
    connections: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    await work(sql);
  } finally {
    await closePool(sql);
  }
}
