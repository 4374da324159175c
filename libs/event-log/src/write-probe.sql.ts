// Tests whether the database accepts writes now. See libs/event-log/sql/0013-append-role-and-write-probe.sql.
import type { Sql } from '#database';
import { isConnectionFailure, isRefusal, isTimeout } from './failures.js';

/** Tests whether PostgreSQL can write a page. */
export async function probeWrite(sql: Sql): Promise<void> {
  await sql`select probe_write()`;
}

/** Also tests whether the lock that every append needs is available within 1.5 s. */
export async function probeAppend(sql: Sql): Promise<void> {
  await sql`select probe_append_lock()`;
  await probeWrite(sql);
}

/** One sentence without data. Throws errors that are not about the state of the database. */
export function notWritableReason(error: unknown): string {
  if (isConnectionFailure(error)) return 'the database does not answer';
  if (isTimeout(error)) return 'another session blocks appends to the log';
  if (!isRefusal(error)) throw error;
  const code = (error as { readonly code: string }).code;
  if (code === '25006') return 'the database is read-only';
  return code === '53100' ? 'the disk of the database is full' : 'the database is out of resources';
}
