// Names of a version of a projection's rows: its schema, and the name under which it keeps checkpoint and dead letters.
import type { Projection } from '../projection.js';

/** `schema` null: the tables that everybody reads. */
export type Slot = { readonly checkpoint: string; readonly schema: string | null };

/** A slot beside the one that is read. */
export type SideSlot = Slot & { readonly schema: string };

/** A projection and one version of its rows. */
export type Target = { readonly projection: Projection; readonly slot: Slot };

export function liveSlot({ name }: Projection): Slot {
  return { checkpoint: name, schema: null };
}

/** The version that is being built. */
export function nextSlot(projection: Projection): SideSlot {
  return sideSlot(projection, 'next');
}

/** The version that was read before the last switch. */
export function previousSlot(projection: Projection): SideSlot {
  return sideSlot(projection, 'previous');
}

function sideSlot({ name }: Projection, slot: 'next' | 'previous'): SideSlot {
  return { checkpoint: `${name}@${slot}`, schema: `projection_${name.replaceAll('-', '_')}_${slot}` };
}
