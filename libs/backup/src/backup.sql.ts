// What a backup needs of its session: the lock against a second backup, and one snapshot for all reads.
import type { Sql } from '#database';

const BACKUP_LOCK = 7_150_002;

/** Held until the connection is closed. False if another backup holds it. */
export async function tryBackupLock(sql: Sql): Promise<boolean> {
  const [lock] = await sql<{ mine: boolean }[]>`select pg_try_advisory_lock(${BACKUP_LOCK}) as mine`;
  return lock?.mine === true;
}

/** The first statement of a transaction: everything that it reads is of one moment, and it writes nothing. */
export async function useReadOnlySnapshot(session: Sql): Promise<void> {
  await session`set transaction isolation level repeatable read, read only`;
}
