// Opens pools of connections, all with the same time-outs and types.
import postgres, { type Options, type Sql } from 'postgres';
import { Sessions } from './sessions.js';
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

// Transactions run in sessions of their own beside the pool (see sessions.ts).
const sessionsOf = new WeakMap<Sql, Sessions>();

export function openPool(url: string, options: PoolOptions): Sql {
  const settings = clientSettings(options);
  const pool = client(url, { ...settings, max: options.connections });
  const session = (onLoss: () => void): Sql => client(url, { ...settings, max: 1, onclose: onLoss });
  sessionsOf.set(pool, new Sessions(session, options.connections));
  return pool;
}

/** The sessions for transactions that belong to a pool of ours. */
export function sessionsBeside(pool: Sql): Sessions {
  const sessions = sessionsOf.get(pool);
  if (sessions) return sessions;
  throw new Error('a transaction needs a pool that openPool made');
}

export async function closePool(pool: Sql): Promise<void> {
  await Promise.all([pool.end({ timeout: CLOSE_PATIENCE_S }), sessionsBeside(pool).close(CLOSE_PATIENCE_S)]);
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
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      lock_timeout: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? IDLE_IN_TRANSACTION_TIMEOUT_MS,
      ...(options.role === undefined ? {} : { role: options.role }),
    },
  };
}
