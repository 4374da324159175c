// The savepoint of one attempt to fold: an error after it is undone without losing the transaction.
import type { Session } from '../projection.js';

export async function setSavepoint(session: Session): Promise<void> {
  await session`savepoint attempt`;
}

/** Undoes what was done since the savepoint, which stays. */
export async function rollBackToSavepoint(session: Session): Promise<void> {
  await session`rollback to savepoint attempt`;
}

/** Keeps what was done since, and removes the savepoint. */
export async function releaseSavepoint(session: Session): Promise<void> {
  await session`release savepoint attempt`;
}
