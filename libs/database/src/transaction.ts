// The one way to run several statements as one: use it only where a single statement will not do.
import type { Sql } from 'postgres';
import { transactionPoolOf } from './pool.js';

/**
 * Runs `work` in a transaction (read committed) on a connection beside the pool, with the pool's role and time-outs.
 * What `work` throws rolls everything back and is thrown on. A lost connection is `ConnectionLost`: nothing was
 * written, except where it went away while committing; then nobody knows, so `work` should be safe to repeat.
 */
export function inTransaction<T>(pool: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  return transactionPoolOf(pool).transaction(work);
}
