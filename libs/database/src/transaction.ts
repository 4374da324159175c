// Runs several statements in one transaction. Use it only where a single statement is not enough.
import type { Sql } from 'postgres';
import { transactionPoolOf } from './pool.js';

/**
 * Runs `work` in a transaction (read committed) on a separate connection with the pool's role and timeouts. An error
 * from `work` rolls back and is rethrown. A lost connection throws `ConnectionLost`: nothing was written, unless it was
 * lost during the commit; then the outcome is unknown, so `work` should be idempotent.
 */
export function inTransaction<T>(pool: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  return transactionPoolOf(pool).transaction(work);
}
