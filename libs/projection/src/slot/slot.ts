// Where a version of a projection's rows lies, and under which name it keeps its checkpoint and its dead letters.
import type { Projection, Session } from '../projection.js';

/** `schema` null: where everybody reads. */
export type Slot = { readonly checkpoint: string; readonly schema: string | null };

/** A slot beside the one that is read. */
export type SideSlot = Slot & { readonly schema: string };

/** A projection and the version of its rows that is meant. */
export type Target = { readonly projection: Projection; readonly slot: Slot };

export function liveSlot({ name }: Projection): Slot {
  return { checkpoint: name, schema: null };
}

/** Being built. */
export function nextSlot(projection: Projection): SideSlot {
  return sideSlot(projection, 'next');
}

/** What was read before the last switch. */
export function previousSlot(projection: Projection): SideSlot {
  return sideSlot(projection, 'previous');
}

function sideSlot({ name }: Projection, slot: 'next' | 'previous'): SideSlot {
  return { checkpoint: `${name}@${slot}`, schema: `projection_${name.replaceAll('-', '_')}_${slot}` };
}

/** From here to the end of the transaction the projection's statements mean the tables of this slot. */
export async function useSlot(session: Session, { schema }: Slot): Promise<void> {
  if (schema === null) return;
  // Tables that fill from empty have plans made for empty tables: without the second setting the fold would read them
  // from end to end, batch by batch. Nobody reads what is written here before the switch, which is flushed to disk with
  // all that was written before it: a crash may cost the last pages, rows and checkpoint alike, and they are folded again.
  await session`
    select set_config('search_path', ${`${schema}, public`}, true), set_config('enable_seqscan', 'off', true),
      set_config('synchronous_commit', 'off', true)`;
}
