// What an operator can do about dead letters: retry them, or drop one for good.
import { inTransaction, type Sql } from '#database';
import type { EventLog, Position, StoredEvent } from '#event-log';
import { foldByBisection } from './bisect.js';
import { startNewGeneration, lockCheckpoints } from '../checkpoint/checkpoint-store.js';
import { lettersOf, moveToDropped, recount, removeLetters, setError } from './dead-letter-store.js';
import type { Projection, Session } from '../projection.js';

/** `culprit`: the event at which it stopped, and why; null if the key is up to date and no longer parked. */
export type RetryResult = {
  readonly folded: number;
  readonly culprit: { readonly position: Position; readonly error: string } | null;
};

/** Per transaction. */
const LETTERS_AT_A_TIME = 500;

/**
 * Folds the parked events of a key in order. The projection's follower waits for it, so no event of the key is overtaken.
 * What was folded before a poison event is kept. Null if the key is not parked.
 */
export async function retryDeadLetters(
  projection: Projection,
  key: string,
  parts: { readonly log: EventLog; readonly sql: Sql },
): Promise<RetryResult | null> {
  for (let folded = 0; ;) {
    const some = await inTransaction(parts.sql, (session) => retrySome(projection, key, { ...parts, session }));
    if (some === null) return folded === 0 ? null : { folded, culprit: null };
    folded += some.folded;
    if (some.culprit !== null) return { folded, culprit: some.culprit };
  }
}

async function retrySome(
  projection: Projection,
  key: string,
  { log, session }: { readonly log: EventLog; readonly session: Session },
): Promise<RetryResult | null> {
  const { name } = projection;
  await lockCheckpoints(session, name);
  const positions = await lettersOf(session, name, key, LETTERS_AT_A_TIME);
  if (positions.length === 0) return null;
  const [culprit] = await foldByBisection(projection, await eventsAt(log, positions), session);
  const folded = positions.filter((position) => position < (culprit?.position ?? Infinity));
  await removeLetters(session, name, folded);
  if (culprit) await setError(session, name, culprit.position, culprit.error);
  await recount(session, name);
  if (folded.length > 0) await startNewGeneration(session, name);
  return { folded: folded.length, culprit: culprit ?? null };
}

async function eventsAt(log: EventLog, positions: readonly Position[]): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (const position of positions) events.push(...(await log.read(position - 1, 1)));
  return events;
}

export type DroppedLetter = { readonly key: string; readonly error: string };

/**
 * Leaves an event out for good and records who decided it. Only the event at which its key is stuck may be dropped; null
 * if it is not that one. Retry the key afterwards.
 */
export function dropDeadLetter(
  projection: string,
  position: Position,
  { sql, by }: { readonly sql: Sql; readonly by: string },
): Promise<DroppedLetter | null> {
  return inTransaction(sql, async (session) => {
    await lockCheckpoints(session, projection);
    const dropped = await moveToDropped(session, { projection, position, by });
    if (dropped) await recount(session, projection);
    return dropped;
  });
}
