// Opens pools of connections, all with the same time-outs and types.
import postgres, { type Options, type Sql } from 'postgres';
import { Connections } from './connections.js';
import { TransactionPool } from './transaction-pool.js';
import { redirectStatements } from './statement.js';
import { TYPES } from './types.js';

export type PoolOptions = {
  /** Taken on at the start of every connection; left out: the rights of the URL's user. */
  readonly role?: string;
  readonly applicationName: string;
  readonly connections: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** How long a transaction may stand still between two statements. */
  readonly idleInTransactionTimeoutMs?: number;
};

const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_S = 10;
// The client's own pause grows to 20 s with every connection that fails, counted over the whole pool, and a statement
// waits for it: after a restart of PostgreSQL that took a second, requests stood still for up to a minute.
const RECONNECT_PAUSE_S = 0.1;
// Within this time what runs may finish; then connections are cut, so that closing never hangs.
const CLOSE_PATIENCE_S = 5;

type PoolParts = {
  /** Makes statements and listens; the statements are sent elsewhere. */
  readonly builder: Sql;
  readonly connections: Connections;
  /** Transactions run beside the pool, see transactions.ts. */
  readonly transactions: TransactionPool;
};

const pools = new WeakMap<Sql, PoolParts>();

/** Tagged templates, `sql(rows)`, `unsafe`, `json` and `listen` as the client has them; for the rest `inTransaction`. */
export function openPool(url: string, options: PoolOptions): Sql {
  const settings = clientSettings(options);
  const connect = (onclose: () => void): Sql => client(url, { ...settings, max: 1, onclose });
  const builder = client(url, { ...settings, max: 1 });
  const connections = new Connections(connect, options.connections);
  const pool = Object.assign(
    redirectStatements(builder, (statement) => {
      connections.send(statement);
    }),
    { begin: refused, reserve: refused },
  );
  pools.set(pool, { builder, connections, transactions: new TransactionPool(connect, options.connections) });
  return pool;
}

/** The transactions for transactions that belong to a pool. */
export function transactionPoolOf(pool: Sql): TransactionPool {
  return partsOf(pool).transactions;
}

/** Resolves once what is under way has been done, or was cut off because it took too long. */
export async function closePool(pool: Sql): Promise<void> {
  const { builder, connections, transactions } = partsOf(pool);
  await Promise.all([
    builder.end({ timeout: CLOSE_PATIENCE_S }),
    connections.end(CLOSE_PATIENCE_S),
    transactions.close(CLOSE_PATIENCE_S),
  ]);
}

function partsOf(pool: Sql): PoolParts {
  const parts = pools.get(pool);
  if (parts) return parts;
  throw new Error('this needs a pool that openPool made');
}

function refused(): never {
  throw new Error('several statements go together by inTransaction');
}

function client(url: string, settings: Options<typeof TYPES>): Sql {
  // The types only say what goes in and out, which `Sql` without them cannot tell apart.
  return postgres(url, settings);
}

function clientSettings(options: PoolOptions): Options<typeof TYPES> {
  return {
    types: TYPES,
    fetch_types: false, // see TYPES
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: () => RECONNECT_PAUSE_S,
    // A connection that ends by itself would be taken for a lost one.
    max_lifetime: null,
    onnotice: () => undefined,
    connection: {
      application_name: options.applicationName,
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      // Our statements are short: compiling them took up to half a second where running them takes a millisecond.
      jit: 'off',
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      lock_timeout: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? IDLE_IN_TRANSACTION_TIMEOUT_MS,
      ...(options.role === undefined ? {} : { role: options.role }),
    },
  };
}
