// A version of a projection's rows beside the one that is read, and the fold that brings it up to date.
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, type Sql } from '#database';
import type { EventLog, Position, StoredEvent } from '#event-log';
import { foldByBisection } from '../fold/bisect.js';
import { claimPartition, readCheckpoint, type Checkpoint } from '../checkpoint/checkpoint-store.js';
import { recount } from '../fold/dead-letter-store.js';
import { fold, foldLocked } from '../fold/fold.js';
import type { Projection, Session } from '../projection.js';
import type { SideSlot } from '../slot/slot.js';

export type SideVersionParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projection's rows. */
  readonly sql: Sql;
  /** Called after each page. */
  readonly onProgress?: (position: Position, goal: Position) => void;
};

/** Enough for a statement to pay, little enough for memory. */
export const PAGE_EVENTS = 4_000;
const FAILURES_MAX = 10;
const PAUSE_MS = 500;

export class SideVersion {
  private constructor(
    readonly projection: Projection,
    readonly slot: SideSlot,
    readonly parts: SideVersionParts,
    private checkpoint: Checkpoint,
  ) {}

  /** Empty tables. What another process was building there is fenced off and gone. */
  static async makeEmpty(projection: Projection, slot: SideSlot, parts: SideVersionParts): Promise<SideVersion> {
    const { epoch } = await claimed(parts.sql, slot);
    await inTransaction(parts.sql, async (session) => {
      await session`update checkpoints set position = 0, parked = 0 where projection = ${slot.checkpoint}`;
      await session`delete from dead_letters where projection = ${slot.checkpoint}`;
      await session`
        select make_projection_slot(
          ${slot.schema}, ${[...projection.tables]}::text[], ${[...projection.readersIndexes]}::text[])`;
    });
    return new SideVersion(projection, slot, parts, { partition: 0, position: 0, epoch });
  }

  /** What is there already; null where nothing is. */
  static async resume(projection: Projection, slot: SideSlot, parts: SideVersionParts): Promise<SideVersion | null> {
    if ((await readCheckpoint(parts.sql, slot.checkpoint)) === null) return null;
    return new SideVersion(projection, slot, parts, await claimed(parts.sql, slot));
  }

  get position(): Position {
    return this.checkpoint.position;
  }

  get current(): Checkpoint {
    return this.checkpoint;
  }

  /** Folds in pages, and reads the next one while one is being written. */
  async foldUpTo(goal: Position): Promise<void> {
    let reading = this.#read(this.position);
    for (let failures = 0; this.position < goal;) {
      try {
        const batch = (await reading).filter(({ position }) => position <= goal);
        const last = batch.at(-1)?.position;
        if (last === undefined) return;
        reading = this.#read(last);
        await this.#fold(batch);
        failures = 0;
        this.parts.onProgress?.(last, goal);
      } catch (error) {
        failures += 1;
        if (error instanceof RebuildSuperseded || failures === FAILURES_MAX) throw error;
        await sleep(failures * PAUSE_MS);
        // Of a page under way nobody knows whether it was written.
        await this.#reloadCheckpoint();
        reading = this.#read(this.position);
      }
    }
    await reading;
  }

  /** What `look` finds once these events are folded too. Nothing of that stays: where some partitions are ahead of others, it is only for a comparison. */
  async withTrialFold<T>(
    events: AsyncIterable<readonly StoredEvent[]>,
    look: (session: Session) => Promise<T>,
  ): Promise<T> {
    const found: T[] = [];
    const trial = inTransaction(this.parts.sql, async (session) => {
      await session`set local statement_timeout = 0`;
      for await (const batch of events) {
        const apply = (some: readonly StoredEvent[], within: Session): ReturnType<typeof foldByBisection> =>
          foldByBisection(this.projection, some, within);
        const parked = await recount(session, this.slot.checkpoint);
        await foldLocked(this, session, { batch, apply, parked, partition: null });
      }
      found.push(await look(session));
      throw new TrialRolledBack();
    });
    await trial.catch((error: unknown) => {
      if (!(error instanceof TrialRolledBack)) throw error;
    });
    const [what] = found;
    if (what === undefined) throw new Error('nothing was looked at');
    return what;
  }

  async discard(): Promise<void> {
    await inTransaction(this.parts.sql, async (session) => {
      await session`delete from checkpoints where projection = ${this.slot.checkpoint}`;
      await session`delete from dead_letters where projection = ${this.slot.checkpoint}`;
      await session`select drop_projection_slot(${this.slot.schema})`;
    });
  }

  async #fold(batch: readonly StoredEvent[]): Promise<void> {
    const { written } = await fold(this, this.parts.sql, this.checkpoint, batch);
    if (!written) throw new RebuildSuperseded(this.projection.name);
    this.checkpoint = { ...this.checkpoint, position: batch.at(-1)?.position ?? this.position };
  }

  #read(after: Position): Promise<readonly StoredEvent[]> {
    const reading = this.parts.log.read(after, PAGE_EVENTS);
    // Whoever awaits it meets the failure; where nobody does any more, it does not matter.
    reading.catch(() => undefined);
    return reading;
  }

  async #reloadCheckpoint(): Promise<void> {
    const now = await readCheckpoint(this.parts.sql, this.slot.checkpoint);
    if (now?.epoch !== this.checkpoint.epoch) throw new RebuildSuperseded(this.projection.name);
    this.checkpoint = now;
  }
}

/** Takes a trial back. */
class TrialRolledBack extends Error {}

/** Beside the rows that are read nothing is cut into partitions. */
async function claimed(sql: Sql, { checkpoint }: SideSlot): Promise<Checkpoint> {
  await sql`insert into checkpoints (projection) values (${checkpoint}) on conflict do nothing`;
  const claimedNow = await claimPartition(sql, checkpoint, 0);
  if (claimedNow === null) throw new RebuildSuperseded(checkpoint);
  return claimedNow;
}

export class RebuildSuperseded extends Error {
  override readonly name = 'RebuildSuperseded';
  constructor(projection: string) {
    super(`another process has begun to rebuild ${projection} meanwhile; this one has stopped`);
  }
}
