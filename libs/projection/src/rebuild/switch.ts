// Puts a version that was built beside the live one in its place, in one transaction that locks readers out for moments.
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction } from '#database';
import { isTimeout, type Position, type StoredEvent } from '#event-log';
import { lockCheckpoints } from '../checkpoint/checkpoint-store.js';
import { foldByBisection } from '../fold/bisect.js';
import { recount } from '../fold/dead-letter-store.js';
import { foldBatch } from '../fold/fold.js';
import { alignPartitions } from '../partition/align-partitions.js';
import type { Session } from '../projection.js';
import { liveSlot, previousSlot } from '../slot/slot.js';
import { finishSlot, swapBookkeeping, swapTables } from '../slot/slot-store.js';
import { PAGE_EVENTS, RebuildSuperseded, type SideVersion } from './side-version.js';

// Readers queue up after us for as long as we wait for those before us. Always shorter than deadlock_timeout (1 s), so
// that we are the one who gives up if we and a reader wait for each other.
const FIRST_LOCK_TIMEOUT_MS = 300;
const LAST_LOCK_TIMEOUT_MS = 900;
const SWITCH_TIMEOUT_MS = 300_000;
const PAUSE_MS = 200;

class CannotCatchUp extends Error {
  override readonly name = 'CannotCatchUp';
  constructor(projection: string) {
    super(
      `the live rows of ${projection} advance faster than the rebuilt ones: nothing was switched. Try again when fewer ` +
        'events arrive',
    );
  }
}

/**
 * Catches the side version up under the lock of the live checkpoint, then swaps both. The version that was read is kept
 * as the previous one, at its position. Returns the position of the switch.
 */
export async function switchTo(version: SideVersion): Promise<Position> {
  const { sql, log } = version.parts;
  await inTransaction(sql, (session) => finishSlot(session, version.projection, version.slot));
  const giveUpAt = Date.now() + SWITCH_TIMEOUT_MS;
  for (let lockMs = FIRST_LOCK_TIMEOUT_MS; ; lockMs = Math.min(lockMs + FIRST_LOCK_TIMEOUT_MS, LAST_LOCK_TIMEOUT_MS)) {
    await version.foldUpTo((await log.head()).position);
    try {
      const position = await inTransaction(sql, (session) => trySwitch(version, session, lockMs));
      if (position !== null) return position;
      if (Date.now() > giveUpAt) throw new CannotCatchUp(version.projection.name);
    } catch (error) {
      if (!isTimeout(error) || Date.now() > giveUpAt) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Null if the live version has advanced too far to be caught up with under the lock. */
async function trySwitch(version: SideVersion, session: Session, lockMs: number): Promise<Position | null> {
  const { projection, slot, parts } = version;
  const goal = await alignPartitions(session, { projection, log: parts.log });
  const [ours] = await lockCheckpoints(session, slot.checkpoint);
  if (ours?.epoch !== version.current.epoch) throw new RebuildSuperseded(projection.name);
  const page = goal > ours.position ? await parts.log.read(ours.position, PAGE_EVENTS) : [];
  const missing = page.filter(({ position }) => position <= goal);
  const position = missing.at(-1)?.position ?? ours.position;
  if (position < goal) return null;
  await catchUp(version, session, missing);
  // Only this lock has a short timeout: no reader waits for the checkpoints.
  await swapTables(session, projection, { slot, lockMs });
  await swapBookkeeping(session, projection, slot);
  await recount(session, liveSlot(projection).checkpoint);
  await recount(session, previousSlot(projection).checkpoint);
  return position;
}

async function catchUp(version: SideVersion, session: Session, batch: readonly StoredEvent[]): Promise<void> {
  if (batch.length === 0) return;
  const apply = (events: readonly StoredEvent[], within: Session): ReturnType<typeof foldByBisection> =>
    foldByBisection(version.projection, events, within);
  await foldBatch(version, session, { from: version.current, batch, apply });
}
