// Writes one batch: its rows, its dead letters and the checkpoint are one transaction.
import { inTransaction, type Sql } from '#database';
import type { StoredEvent } from '#event-log';
import { foldByBisection, type PoisonEvent } from './bisect.js';
import { advanceCheckpoint, type Checkpoint } from '../checkpoint/checkpoint-store.js';
import { park, parkFollowing, withoutDropped } from './dead-letter-store.js';
import { isPoison } from './poison.js';
import type { Session } from '../projection.js';
import { useSlot, type Target } from '../slot/slot.js';

/** `written` false, with nothing written, where the checkpoint is not `from` any more. */
export type FoldResult = { readonly written: boolean; readonly culprits: readonly PoisonEvent[] };

type Apply = (batch: readonly StoredEvent[], session: Session) => Promise<readonly PoisonEvent[]>;

/** What cannot be folded parks its key; what fails for another reason is thrown, and nothing was written. */
export async function fold(
  target: Target,
  sql: Sql,
  from: Checkpoint,
  batch: readonly StoredEvent[],
): Promise<FoldResult> {
  const { projection } = target;
  const inTransactionBy = (apply: Apply): Promise<FoldResult> =>
    inTransaction(sql, (session) => foldBatch(target, session, { from, batch, apply }));
  try {
    return await inTransactionBy(async (events, session) => {
      await projection.apply(events, session);
      return [];
    });
  } catch (error) {
    if (!isPoison(error)) throw error;
  }
  return inTransactionBy((events, session) => foldByBisection(projection, events, session));
}

type Writing = { readonly from: Checkpoint; readonly batch: readonly StoredEvent[]; readonly apply: Apply };

/** Within a transaction of the caller's. */
export async function foldBatch(
  target: Target,
  session: Session,
  { from, batch, apply }: Writing,
): Promise<FoldResult> {
  const last = batch.at(-1)?.position ?? from.position;
  const parked = await advanceCheckpoint(session, target.slot.checkpoint, from, last);
  if (parked === null) return { written: false, culprits: [] };
  return {
    written: true,
    culprits: await foldLocked(target, session, { batch, apply, parked, partition: from.partition }),
  };
}

type Held = Omit<Writing, 'from'> & {
  /** How many keys are parked. */
  readonly parked: number;
  /** The one whose checkpoint the transaction holds; null: all of them. */
  readonly partition: number | null;
};

/** Within a transaction that holds the checkpoints which `batch` moves. */
export async function foldLocked(
  { projection, slot }: Target,
  session: Session,
  { batch, apply, parked, partition }: Held,
): Promise<readonly PoisonEvent[]> {
  await useSlot(session, slot);
  // What was dropped was dropped behind the rows that are read; only who comes after them meets it again.
  const meant = slot.schema === null ? batch : await withoutDropped(session, projection.name, batch);
  const free = parked === 0 ? meant : await parkFollowing(session, slot.checkpoint, meant);
  const culprits = free.length === 0 ? [] : await apply(free, session);
  if (culprits.length > 0) await park(session, { name: slot.checkpoint, partition }, free, culprits);
  return culprits;
}
