// Folds a batch that contains poison events: folds everything else, and returns the poison events found by bisection.
import type { Position, StoredEvent } from '#event-log';
import { isPoison, messageOf } from './poison.js';
import type { Projection, Session } from '../projection.js';
import { releaseSavepoint, rollBackToSavepoint, setSavepoint } from './savepoint.sql.js';

/** The first event of its key that cannot be folded. It and the later events of its key in the batch were left out. */
export type PoisonEvent = { readonly key: string; readonly position: Position; readonly error: string };

/**
 * Halves the batch until each poison event is alone: first by keys, which do not touch each other's rows, then by
 * position, where the events after a poison event are not tried. Each poison event costs some twenty attempts, however
 * large the batch.
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

/** Null on success; otherwise the error, after rolling the attempt back. */
async function attempt(work: () => Promise<void>, session: Session): Promise<{ readonly cause: unknown } | null> {
  await setSavepoint(session);
  try {
    await work();
    await releaseSavepoint(session);
    return null;
  } catch (cause) {
    if (!isPoison(cause)) throw cause;
    await rollBackToSavepoint(session);
    await releaseSavepoint(session);
    return { cause };
  }
}
