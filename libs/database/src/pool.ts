// Opens connection pools, all with the same timeouts and types.
import postgres, { type Options, type Sql } from 'postgres';
import { parseConnectionUrl } from './connection-url.js';
import { Connections } from './connections.js';
import { TransactionPool } from './transaction-pool.js';
import { redirectStatements } from './statement.js';
import { TYPES } from './types.js';

export type PoolOptions = {
  /** Set when a connection starts; if absent, the rights of the URL's user apply. */
  readonly role?: string;
  readonly applicationName: string;
  readonly connections: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** How long a transaction may be idle between two statements. */
  readonly idleInTransactionTimeoutMs?: number;
};

const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_S = 5;
// An idle connection whose peer is gone, LISTEN included, is lost after this and ten probes of a second each (libuv).
const KEEP_ALIVE_S = 10;
// PostgreSQL answers a statement by its own timeout; a bit later the connection is considered dead.
const RESPONSE_MARGIN_MS = 5_000;
// The client's own pause grows to 20 s with every failed connection, counted over the whole pool, and statements wait for
// it: after a restart of PostgreSQL that took a second, requests were stuck for up to a minute.
const RECONNECT_PAUSE_S = 0.1;
// Running statements may finish within this time; then connections are closed, so that closing never hangs.
const CLOSE_TIMEOUT_S = 5;

type PoolParts = {
  /** Builds statements and holds the LISTEN connection; statements are sent by `connections`. */
  readonly builder: Sql;
  readonly connections: Connections;
  /** Transactions have connections of their own, see transaction-pool.ts. */
  readonly transactions: TransactionPool;
};

const pools = new WeakMap<Sql, PoolParts>();

/** Tagged templates, `sql(rows)`, `unsafe`, `json` and `listen` as in the client; for transactions use `inTransaction`. */
export function openPool(url: string, options: PoolOptions): Sql {
  const target = parseConnectionUrl(url);
  const settings = { ...clientSettings(options), ssl: target.ssl };
  const connect = (onclose: () => void): Sql => client(target.url, { ...settings, max: 1, onclose });
  const builder = client(target.url, { ...settings, max: 1 });
  const limitMs = (options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS) + RESPONSE_MARGIN_MS;
  const connections = new Connections(connect, options.connections, limitMs);
  const pool = Object.assign(
    redirectStatements(builder, (statement) => {
      connections.send(statement);
    }),
    { begin: refused, reserve: refused },
  );
  pools.set(pool, { builder, connections, transactions: new TransactionPool(connect, options.connections, limitMs) });
  return pool;
}

/** The connections that run transactions for this pool. */
export function transactionPoolOf(pool: Sql): TransactionPool {
  return partsOf(pool).transactions;
}

/** Resolves once statements in flight have finished, or were cut off after a timeout. */
export async function closePool(pool: Sql): Promise<void> {
  const { builder, connections, transactions } = partsOf(pool);
  await Promise.all([
    builder.end({ timeout: CLOSE_TIMEOUT_S }),
    connections.end(CLOSE_TIMEOUT_S),
    transactions.close(CLOSE_TIMEOUT_S),
  ]);
}

function partsOf(pool: Sql): PoolParts {
  const parts = pools.get(pool);
  if (parts) return parts;
  throw new Error('this needs a pool from openPool');
}

function refused(): never {
  throw new Error('use inTransaction for a transaction');
}

function client(url: string, settings: Options<typeof TYPES>): Sql {
  // The custom types change values only, and `Sql` cannot express them.
  return postgres(url, settings);
}

function clientSettings(options: PoolOptions): Options<typeof TYPES> {
  return {
    types: TYPES,
    fetch_types: false, // see TYPES
    connect_timeout: CONNECT_TIMEOUT_S,
    keep_alive: KEEP_ALIVE_S,
    backoff: () => RECONNECT_PAUSE_S,
    // A connection that the client ends on its own would be treated as lost.
    max_lifetime: null,
    onnotice: () => undefined,
    connection: {
      application_name: options.applicationName,
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      // Our statements are short: compiling took up to half a second where running takes a millisecond.
      jit: 'off',
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      lock_timeout: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? IDLE_IN_TRANSACTION_TIMEOUT_MS,
      ...(options.role === undefined ? {} : { role: options.role }),
    },
  };
}
