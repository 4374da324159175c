// The table of checkpoints: who owns a projection, and how far its rows reach.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import type { Session } from './projection.js';

export type Checkpoint = { readonly position: Position; readonly epoch: number };

/** Makes the caller the projection's owner: whoever was it before writes nothing from now on. */
export async function claim(sql: Sql, name: string): Promise<Checkpoint> {
  const [checkpoint] = await sql<Checkpoint[]>`
    insert into checkpoints (projection, epoch) values (${name}, 1)
    on conflict (projection, partition) do update set epoch = checkpoints.epoch + 1
    returning position, epoch`;
  if (!checkpoint) throw new Error(`the checkpoint of ${name} could not be claimed`);
  return checkpoint;
}

/**
 * Moves the checkpoint within the transaction that writes the rows, and keeps others away until it ends. Tells how many
 * keys are parked; null where it does not stand at `from` for this epoch: then another owns the projection, or the batch
 * was written before.
 */
export async function advance(session: Session, name: string, from: Checkpoint, to: Position): Promise<number | null> {
  const [moved] = await session<{ parked: number }[]>`
    update checkpoints set position = ${to}, moved_at = clock_timestamp()
    where projection = ${name} and epoch = ${from.epoch} and position = ${from.position}
    returning parked`;
  return moved?.parked ?? null;
}

/** Where it stands, and there it stays until the transaction ends: nobody folds meanwhile. Null where it is unknown. */
export async function hold(session: Session, name: string): Promise<Checkpoint | null> {
  const [checkpoint] = await session<Checkpoint[]>`
    select position, epoch from checkpoints where projection = ${name} for update`;
  return checkpoint ?? null;
}

/** Rows at or behind the position have been written anew. */
export async function begunAnew(session: Session, name: string): Promise<void> {
  await session`update checkpoints set generation = generation + 1 where projection = ${name}`;
}

export async function readCheckpoint(sql: Sql, name: string): Promise<Checkpoint | null> {
  const [checkpoint] = await sql<Checkpoint[]>`select position, epoch from checkpoints where projection = ${name}`;
  return checkpoint ?? null;
}
