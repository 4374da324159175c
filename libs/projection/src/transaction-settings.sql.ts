// Settings that apply until the end of the caller's transaction.
import type { Session } from './projection.js';

/** The first statement of a transaction: everything that it reads is of one moment. */
export async function useSnapshot(session: Session): Promise<void> {
  await session`set transaction isolation level repeatable read`;
}

/** The statements that follow may take as long as they need. */
export async function removeStatementTimeout(session: Session): Promise<void> {
  await session`set local statement_timeout = 0`;
}
