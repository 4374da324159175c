// The lock that lets one process at a time change the topic.
import type { Sql } from '#database';

// Key of an advisory lock: any number that nothing else uses.
const TOPIC_LOCK = 5_271_005;

/** Held until the transaction ends. False if another process holds it. */
export async function tryTopicLock(session: Sql): Promise<boolean> {
  const [lock] = await session<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${TOPIC_LOCK}) as taken`;
  return lock?.taken === true;
}
