// Writes one batch: its rows, its dead letters and the checkpoint are one transaction.
import { inTransaction, type Sql } from '#database';
import type { StoredEvent } from '#event-log';
import { foldByBisection, type PoisonEvent } from './bisect.js';
import { advanceCheckpoint, type Checkpoint } from '../checkpoint/checkpoint-store.js';
import { park, parkFollowing, withoutDropped } from './dead-letter-store.js';
import { isPoison } from './poison.js';
import type { Session } from '../projection.js';
import type { Target } from '../slot/slot.js';
import { useSlot } from '../slot/slot-store.js';

/** `written` false, with nothing written, if the checkpoint is no longer `from`. */
export type FoldResult = { readonly written: boolean; readonly culprits: readonly PoisonEvent[] };

type Apply = (batch: readonly StoredEvent[], session: Session) => Promise<readonly PoisonEvent[]>;

/** A poison event parks its key. Any other failure is thrown, with nothing written. */
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

/** Within the caller's transaction. */
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
  /** The partition whose checkpoint the transaction has locked; null: all of them. */
  readonly partition: number | null;
};

/** Within a transaction that has locked the checkpoints that `batch` moves. */
export async function foldLocked(
  { projection, slot }: Target,
  session: Session,
  { batch, apply, parked, partition }: Held,
): Promise<readonly PoisonEvent[]> {
  await useSlot(session, slot);
  // The live rows never see a dropped event again; a version that is folded from the start does.
  const meant = slot.schema === null ? batch : await withoutDropped(session, projection.name, batch);
  const free = parked === 0 ? meant : await parkFollowing(session, slot.checkpoint, meant);
  const culprits = free.length === 0 ? [] : await apply(free, session);
  if (culprits.length > 0) await park(session, { name: slot.checkpoint, partition }, free, culprits);
  return culprits;
}
