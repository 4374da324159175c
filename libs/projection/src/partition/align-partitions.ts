// Brings all partitions of a projection to one position, so that one number describes all of them.
import type { EventLog, Position, StoredEvent } from '#event-log';
import { foldByBisection } from '../fold/bisect.js';
import {
  ensureCheckpoints,
  lockCheckpoints,
  raiseCheckpoints,
  readHead,
  type Checkpoint,
} from '../checkpoint/checkpoint-store.js';
import { recount } from '../fold/dead-letter-store.js';
import { foldLocked } from '../fold/fold.js';
import { partitionOf } from './partition.js';
import type { Projection, Session } from '../projection.js';
import { liveSlot } from '../slot/slot.js';

const PAGE_EVENTS = 2_000;

/** A transaction that others wait for should not fold more. */
const GAP_MAX = 200_000;

export class LagTooLarge extends Error {
  override readonly name = 'TooFarBehind';
  constructor(projection: string, gap: number) {
    super(`a partition of ${projection} is ${gap} events behind the others: let it catch up first`);
  }
}

/**
 * Locks all partitions until the caller's transaction ends, and folds from the log what each lacks up to the most
 * advanced one and up to `atLeast`. Returns their common position. Their owners notice the move and go on from there.
 */
export async function alignPartitions(
  session: Session,
  { projection, log, atLeast = 0 }: AlignParts,
): Promise<Position> {
  const { name } = projection;
  await ensureCheckpoints(session, name);
  const held = await lockCheckpoints(session, name);
  const { from, goal: furthest } = positionSpan(held);
  // A database that was made worse by an earlier release may have checkpoints after the head: the rebuild cures them.
  const goal = Math.min(Math.max(furthest, atLeast), await readHead(session));
  if (goal - from > GAP_MAX) throw new LagTooLarge(name, goal - from);
  for await (const batch of eventsBetween(log, from, goal, (event) => event.position > positionOf(held, event))) {
    const apply = (events: readonly StoredEvent[], within: Session): ReturnType<typeof foldByBisection> =>
      foldByBisection(projection, events, within);
    const parked = await recount(session, name);
    await foldLocked({ projection, slot: liveSlot(projection) }, session, { batch, apply, parked, partition: null });
  }
  await raiseCheckpoints(session, name, goal);
  return goal;
}

type AlignParts = { readonly projection: Projection; readonly log: EventLog; readonly atLeast?: Position };

/** From the position of the slowest partition to that of the most advanced one. */
export function positionSpan(checkpoints: readonly Checkpoint[]): { readonly from: Position; readonly goal: Position } {
  const positions = checkpoints.map(({ position }) => position);
  return positions.length === 0 ? { from: 0, goal: 0 } : { from: Math.min(...positions), goal: Math.max(...positions) };
}

/** Pages of the events that partitions have folded past the slowest one's position. */
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
