// The table of checkpoints: who owns a projection, and how far its rows reach.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import type { Session } from './projection.js';

export type Checkpoint = { readonly position: Position; readonly epoch: number };

/** Makes the caller the projection's owner: whoever was it before writes nothing from now on. */
export async function claim(sql: Sql, projection: string): Promise<Checkpoint> {
  const [checkpoint] = await sql<Checkpoint[]>`
    insert into checkpoints (projection, epoch) values (${projection}, 1)
    on conflict (projection) do update set epoch = checkpoints.epoch + 1
    returning position, epoch`;
  if (!checkpoint) throw new Error(`the checkpoint of ${projection} could not be claimed`);
  return checkpoint;
}

/**
 * Moves the checkpoint within the transaction that writes the rows, and keeps others away until it ends. False where it
 * does not stand at `from` for this epoch: then another owns the projection, or the batch was written before.
 */
export async function advance(session: Session, projection: string, from: Checkpoint, to: Position): Promise<boolean> {
  const moved = await session`
    update checkpoints set position = ${to}
    where projection = ${projection} and epoch = ${from.epoch} and position = ${from.position}`;
  return moved.count === 1;
}

export async function readCheckpoint(sql: Sql, projection: string): Promise<Checkpoint | null> {
  const [checkpoint] = await sql<Checkpoint[]>`
    select position, epoch from checkpoints where projection = ${projection}`;
  return checkpoint ?? null;
}
