// The tables of a slot: created, dropped, completed, and exchanged with the tables that are read.
import type { Projection, Session } from '../projection.js';
import { removeStatementTimeout } from '../transaction-settings.sql.js';
import { liveSlot, previousSlot, type SideSlot, type Slot } from './slot.js';

/** Until the end of the transaction, the projection's statements use the tables of this slot. */
export async function useSlot(session: Session, { schema }: Slot): Promise<void> {
  if (schema === null) return;
  // Tables that start empty have plans made for empty tables: without `enable_seqscan = off` the fold would scan them
  // completely with every batch. Nobody reads these rows before the switch, which flushes to disk everything written
  // before it. A crash may cost the last pages, rows and checkpoint alike, and they are folded again.
  await session`
    select set_config('search_path', ${`${schema}, public`}, true), set_config('enable_seqscan', 'off', true),
      set_config('synchronous_commit', 'off', true)`;
}

/** Replaces what is in the slot by empty tables; the indexes that only readers need come later. */
export async function createSlot(session: Session, projection: Projection, slot: SideSlot): Promise<void> {
  await session`
    select make_projection_slot(
      ${slot.schema}, ${[...projection.tables]}::text[], ${[...projection.readersIndexes]}::text[])`;
}

export async function dropSlot(session: Session, slot: SideSlot): Promise<void> {
  await session`delete from checkpoints where projection = ${slot.checkpoint}`;
  await session`delete from dead_letters where projection = ${slot.checkpoint}`;
  await session`select drop_projection_slot(${slot.schema})`;
}

/** Creates the indexes that are still missing and gathers statistics, which takes as long as it needs. */
export async function finishSlot(session: Session, projection: Projection, slot: SideSlot): Promise<void> {
  await removeStatementTimeout(session);
  await session`select finish_projection_slot(${slot.schema}, ${[...projection.tables]}::text[])`;
}

/**
 * Exchanges the tables that are read with those of `slot`, which waits at most `lockMs` for readers. The tables that
 * were read become the previous slot.
 */
export async function swapTables(
  session: Session,
  projection: Projection,
  { slot, lockMs }: { readonly slot: SideSlot; readonly lockMs: number },
): Promise<void> {
  await session`select set_config('lock_timeout', ${String(lockMs)}, true)`;
  await session`
    select swap_projection_slots(
      ${slot.schema}, ${previousSlot(projection).schema}, ${[...projection.tables]}::text[])`;
}

/** Checkpoints and dead letters go with the rows. The live epoch stays, so that its follower goes on. */
export async function swapBookkeeping(session: Session, projection: Projection, slot: SideSlot): Promise<void> {
  const [now, before] = [liveSlot(projection).checkpoint, previousSlot(projection).checkpoint];
  const passage = `${now}@passage`;
  await session`update dead_letters set projection = ${passage} where projection = ${now}`;
  await session`update dead_letters set projection = ${now} where projection = ${slot.checkpoint}`;
  await session`delete from dead_letters where projection = ${before}`;
  await session`update dead_letters set projection = ${before} where projection = ${passage}`;
  const [leaving] = await session<{ position: number }[]>`
    select position from checkpoints where projection = ${now} limit 1`;
  await session`
    update checkpoints as live
    set position = incoming.position, generation = live.generation + 1, moved_at = clock_timestamp()
    from checkpoints as incoming
    where live.projection = ${now} and incoming.projection = ${slot.checkpoint}`;
  await session`delete from checkpoints where projection = ${slot.checkpoint}`;
  await session`
    insert into checkpoints (projection, position) values (${before}, ${leaving?.position ?? 0})
    on conflict (projection, partition) do update set position = excluded.position, epoch = checkpoints.epoch + 1`;
}
