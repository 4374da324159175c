// Makes a version that was built beside the one that is read, in one transaction and under a lock of moments.
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction } from '#database';
import { isTimeout, type Position, type StoredEvent } from '#event-log';
import { foldByBisection } from '../fold/bisect.js';
import { lockCheckpoints } from '../checkpoint/checkpoint-store.js';
import { alignPartitions } from '../partition/align-partitions.js';
import { recount } from '../fold/dead-letter-store.js';
import { foldBatch } from '../fold/fold.js';
import type { Session } from '../projection.js';
import { PAGE_EVENTS, RebuildSuperseded, type SideVersion } from './side-version.js';
import { liveSlot, previousSlot } from '../slot/slot.js';

// Readers queue behind us for as long as we wait for those before us. Always shorter than deadlock_timeout (1 s), so that
// where we and a reader wait for each other it is us who give up.
const FIRST_LOCK_TIMEOUT_MS = 300;
const LAST_LOCK_TIMEOUT_MS = 900;
const PATIENCE_MS = 300_000;
const PAUSE_MS = 200;

/**
 * The side version is caught up under the lock of the live one's checkpoint and takes its place; the one that was read
 * is kept as the previous one, where it stood. Answers the position at which it happened.
 */
export async function switchTo(version: SideVersion): Promise<Position> {
  const { sql, log } = version.parts;
  await inTransaction(sql, async (session) => {
    await session`set local statement_timeout = 0`;
    await session`select finish_projection_slot(${version.slot.schema}, ${[...version.projection.tables]}::text[])`;
  });
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let lockMs = FIRST_LOCK_TIMEOUT_MS; ; lockMs = Math.min(lockMs + FIRST_LOCK_TIMEOUT_MS, LAST_LOCK_TIMEOUT_MS)) {
    await version.foldUpTo((await log.head()).position);
    try {
      const position = await inTransaction(sql, (session) => trySwitch(version, session, lockMs));
      if (position !== null) return position;
    } catch (error) {
      if (!isTimeout(error) || Date.now() > giveUpAt) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Null where the live version has run too far ahead to be caught up with under the lock. */
async function trySwitch(version: SideVersion, session: Session, lockMs: number): Promise<Position | null> {
  const { projection, slot, parts } = version;
  const ahead = await alignPartitions(session, { projection, log: parts.log });
  const [ours] = await lockCheckpoints(session, slot.checkpoint);
  if (ours?.epoch !== version.current.epoch) throw new RebuildSuperseded(projection.name);
  const missing = ahead > ours.position ? await parts.log.read(ours.position, PAGE_EVENTS) : [];
  const behind = missing.filter(({ position }) => position <= ahead);
  const position = behind.at(-1)?.position ?? ours.position;
  if (position < ahead) return null;
  await catchUp(version, session, behind);
  // For the checkpoints we wait as anybody does, since no reader waits behind us there.
  await session`select set_config('lock_timeout', ${String(lockMs)}, true)`;
  await session`
    select swap_projection_slots(
      ${slot.schema}, ${previousSlot(projection).schema}, ${[...projection.tables]}::text[])`;
  await swapBookkeeping(session, version);
  return position;
}

async function catchUp(version: SideVersion, session: Session, batch: readonly StoredEvent[]): Promise<void> {
  if (batch.length === 0) return;
  const apply = (events: readonly StoredEvent[], within: Session): ReturnType<typeof foldByBisection> =>
    foldByBisection(version.projection, events, within);
  await foldBatch(version, session, { from: version.current, batch, apply });
}

/** Checkpoints and dead letters go with the rows. The live one's epoch stays, so that its follower goes on. */
async function swapBookkeeping(session: Session, { projection, slot }: SideVersion): Promise<void> {
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
  await recount(session, now);
  await recount(session, before);
}
