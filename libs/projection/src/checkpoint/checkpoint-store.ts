// The table of checkpoints: who owns a partition of a projection, and up to which position its rows are.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import type { Session } from '../projection.js';

/** If the log is not partitioned, all of it is partition 0. */
export type Checkpoint = { readonly partition: number; readonly position: Position; readonly epoch: number };

/** Creates the missing checkpoints of a projection, and returns the number of partitions. */
export async function ensureCheckpoints(sql: Sql, name: string): Promise<number> {
  const [counted] = await sql<{ partitions: number }[]>`
    with partitions as (
      select partition from feed_partitions union select 0
    ), made as (
      insert into checkpoints (projection, partition) select ${name}, partition from partitions on conflict do nothing
    )
    select count(*)::int as partitions from partitions`;
  return counted?.partitions ?? 1;
}

/** Makes the caller the partition's owner: the previous owner is fenced from now on. Null: it has no checkpoint. */
export async function claimPartition(sql: Sql, name: string, partition: number): Promise<Checkpoint | null> {
  const [checkpoint] = await sql<Checkpoint[]>`
    update checkpoints set epoch = epoch + 1 where projection = ${name} and partition = ${partition}
    returning partition, position, epoch`;
  return checkpoint ?? null;
}

/**
 * Moves the checkpoint within the transaction that writes the rows, and locks it until that ends. Returns the number of
 * parked keys; null if the checkpoint is not at `from` with this epoch: then another process owns the partition, or the
 * batch was written before. It never passes the log's head: what the log does not have has not happened.
 */
export async function advanceCheckpoint(
  session: Session,
  name: string,
  from: Checkpoint,
  to: Position,
): Promise<number | null> {
  const [moved] = await session<{ parked: number }[]>`
    update checkpoints set position = ${to}, moved_at = clock_timestamp()
    where projection = ${name} and partition = ${from.partition} and epoch = ${from.epoch}
      and position = ${from.position} and ${to} <= (select position from log_head)
    returning parked`;
  return moved?.parked ?? null;
}

/** The log's head, read in the caller's transaction. No checkpoint is ever after it. */
export async function readHead(session: Session): Promise<Position> {
  const [head] = await session<{ position: Position }[]>`select position from log_head`;
  return head?.position ?? 0;
}

/** The checkpoints of all its partitions, locked until the transaction ends: nobody folds in the meantime. */
export async function lockCheckpoints(session: Session, name: string): Promise<readonly Checkpoint[]> {
  return session<Checkpoint[]>`
    select partition, position, epoch from checkpoints where projection = ${name} order by partition for update`;
}

/** Moves all checkpoints of the projection that are before the position to it. */
export async function raiseCheckpoints(session: Session, name: string, position: Position): Promise<void> {
  await session`
    update checkpoints set position = ${position}, moved_at = clock_timestamp()
    where projection = ${name} and position < ${position}`;
}

/** Back to the beginning, with no parked keys. */
export async function resetCheckpoints(session: Session, name: string): Promise<void> {
  await session`update checkpoints set position = 0, parked = 0 where projection = ${name}`;
}

/** Of partition 0, if it is not there yet. */
export async function ensureCheckpoint(sql: Sql, name: string): Promise<void> {
  await sql`insert into checkpoints (projection) values (${name}) on conflict do nothing`;
}

/** Rows at or before the position were rewritten. */
export async function startNewGeneration(session: Session, name: string): Promise<void> {
  await session`update checkpoints set generation = generation + 1 where projection = ${name}`;
}

/** Of one partition; null if there is none. */
export async function readCheckpoint(sql: Sql, name: string, partition = 0): Promise<Checkpoint | null> {
  const [checkpoint] = await sql<Checkpoint[]>`
    select partition, position, epoch from checkpoints where projection = ${name} and partition = ${partition}`;
  return checkpoint ?? null;
}

/** Of all partitions, in their order. */
export async function readCheckpoints(sql: Sql, name: string): Promise<readonly Checkpoint[]> {
  return sql<Checkpoint[]>`
    select partition, position, epoch from checkpoints where projection = ${name} order by partition`;
}
