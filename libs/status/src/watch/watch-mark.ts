// The stored progress of the status watch, and the lock that lets one process check at a time.
import { inTransaction, type Sql } from '#database';
import { instantOf, secondsOf, type Instant, type Seconds } from '#domain';
import type { Position } from '#event-log';

/** A number that no other code uses as an advisory lock. */
const LOCK = 3_200_201;

export type Mark = { readonly watchedUntil: Seconds; readonly position: Position };

export async function readMark(sql: Sql): Promise<Mark | null> {
  const [row] = await sql<{ watchedUntil: Instant; position: Position }[]>`
    select watched_until as "watchedUntil", position from status_watch`;
  return row ? { watchedUntil: secondsOf(row.watchedUntil), position: row.position } : null;
}

/**
 * Checks under the lock and then stores the progress; false: another process holds the lock. Progress is stored after the
 * announcements: a crash in between repeats the check, which then announces nothing.
 */
export function checkUnderLock(sql: Sql, mark: Mark, look: () => Promise<void>): Promise<boolean> {
  return inTransaction(sql, async (session) => {
    const [lock] = await session<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as mine`;
    if (lock?.mine !== true) return false;
    await look();
    await session`
      insert into status_watch (watched_until, position) values (${instantOf(mark.watchedUntil)}, ${mark.position})
      on conflict (one) do update
      set watched_until = greatest(status_watch.watched_until, excluded.watched_until),
        position = greatest(status_watch.position, excluded.position)`;
    return true;
  });
}
