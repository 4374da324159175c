// Brings the partitions of a projection to one position, so that what is true of all of them can be said with one number.
import type { EventLog, Position, StoredEvent } from '#event-log';
import { foldByBisection } from '../fold/bisect.js';
import { ensureCheckpoints, lockCheckpoints, type Checkpoint } from '../checkpoint/checkpoint-store.js';
import { recount } from '../fold/dead-letter-store.js';
import { foldLocked } from '../fold/fold.js';
import { partitionOf } from './partition.js';
import type { Projection, Session } from '../projection.js';
import { liveSlot } from '../slot/slot.js';

const PAGE_EVENTS = 2_000;

/** More than a transaction should fold while others wait for it. */
const GAP_MAX = 200_000;

export class LagTooLarge extends Error {
  override readonly name = 'TooFarBehind';
  constructor(projection: string, gap: number) {
    super(`${projection} is up to ${gap} events behind: let it catch up first`);
  }
}

/**
 * Holds all partitions until the caller's transaction ends, folds from the log what some lack of the furthest one and of
 * `atLeast`, and answers where all of them stand now. Their owners find that they have been moved, and go on behind.
 */
export async function alignPartitions(
  session: Session,
  { projection, log, atLeast = 0 }: AlignParts,
): Promise<Position> {
  const { name } = projection;
  await ensureCheckpoints(session, name);
  const held = await lockCheckpoints(session, name);
  const { from, goal: furthest } = positionSpan(held);
  const goal = Math.max(furthest, atLeast);
  if (goal - from > GAP_MAX) throw new LagTooLarge(name, goal - from);
  for await (const batch of eventsBetween(log, from, goal, (event) => event.position > positionOf(held, event))) {
    const apply = (events: readonly StoredEvent[], within: Session): ReturnType<typeof foldByBisection> =>
      foldByBisection(projection, events, within);
    const parked = await recount(session, name);
    await foldLocked({ projection, slot: liveSlot(projection) }, session, { batch, apply, parked, partition: null });
  }
  await session`
    update checkpoints set position = ${goal}, moved_at = clock_timestamp()
    where projection = ${name} and position < ${goal}`;
  return goal;
}

type AlignParts = { readonly projection: Projection; readonly log: EventLog; readonly atLeast?: Position };

/** From where the partition that is furthest behind stands to where the furthest one does. */
export function positionSpan(checkpoints: readonly Checkpoint[]): { readonly from: Position; readonly goal: Position } {
  const positions = checkpoints.map(({ position }) => position);
  return positions.length === 0 ? { from: 0, goal: 0 } : { from: Math.min(...positions), goal: Math.max(...positions) };
}

/** What the partitions have folded behind the one that is furthest behind, in pages. */
export async function* eventsPastSlowest(
  log: EventLog,
  checkpoints: readonly Checkpoint[],
): AsyncGenerator<readonly StoredEvent[]> {
  const { from, goal } = positionSpan(checkpoints);
  yield* eventsBetween(log, from, goal, (event) => event.position <= positionOf(checkpoints, event));
}

function positionOf(checkpoints: readonly Checkpoint[], { key }: StoredEvent): Position {
  return checkpoints[partitionOf(key, checkpoints.length)]?.position ?? 0;
}

async function* eventsBetween(
  log: EventLog,
  after: Position,
  goal: Position,
  isMeant: (event: StoredEvent) => boolean,
): AsyncGenerator<readonly StoredEvent[]> {
  for (let read = after; read < goal;) {
    const page = await log.read(read, PAGE_EVENTS);
    const last = page.at(-1);
    if (!last) return;
    read = last.position;
    const meant = page.filter((event) => event.position <= goal && isMeant(event));
    if (meant.length > 0) yield meant;
  }
}
