// Folds a batch of which some event is poison: all that can be folded is, and the culprits are named.
import type { Position, StoredEvent } from '#event-log';
import { isPoison, messageOf } from './poison.js';
import type { Projection, Session } from '../projection.js';

/** The first event of its key that cannot be folded. It and what comes behind it under this key were left out. */
export type PoisonEvent = { readonly key: string; readonly position: Position; readonly error: string };

/**
 * Halves the batch until the culprits are alone: by keys first, which do not touch each other's rows, and then by
 * position, where what comes behind a culprit is not tried. So each costs some twenty attempts, however big the batch.
 */
export async function foldByBisection(
  projection: Projection,
  batch: readonly StoredEvent[],
  session: Session,
): Promise<readonly PoisonEvent[]> {
  const [first] = batch;
  if (!first) return [];
  const error = await attempt(() => projection.apply(batch, session), session);
  if (error === null) return [];
  const keys = [...new Set(batch.map(({ key }) => key))];
  if (keys.length > 1) {
    const some = new Set(keys.slice(0, keys.length / 2));
    const [here, there] = [batch.filter(({ key }) => some.has(key)), batch.filter(({ key }) => !some.has(key))];
    return [
      ...(await foldByBisection(projection, here, session)),
      ...(await foldByBisection(projection, there, session)),
    ];
  }
  if (batch.length === 1) return [{ key: first.key, position: first.position, error: messageOf(error.cause) }];
  const half = Math.ceil(batch.length / 2);
  const early = await foldByBisection(projection, batch.slice(0, half), session);
  return early.length > 0 ? early : foldByBisection(projection, batch.slice(half), session);
}

/** Null where it went well; else what went wrong, with nothing of it left in the transaction. */
async function attempt(work: () => Promise<void>, session: Session): Promise<{ readonly cause: unknown } | null> {
  await session`savepoint attempt`;
  try {
    await work();
    await session`release savepoint attempt`;
    return null;
  } catch (cause) {
    if (!isPoison(cause)) throw cause;
    await session`rollback to savepoint attempt`;
    await session`release savepoint attempt`;
    return { cause };
  }
}
