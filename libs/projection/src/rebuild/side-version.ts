// A version of a projection's rows beside the one that is read, and the fold that brings it up to date.
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, type Sql } from '#database';
import type { EventLog, Position, StoredEvent } from '#event-log';
import { foldByBisection } from '../fold/bisect.js';
import {
  claimPartition,
  ensureCheckpoint,
  readCheckpoint,
  resetCheckpoints,
  type Checkpoint,
} from '../checkpoint/checkpoint-store.js';
import { recount, removeAllLetters } from '../fold/dead-letter-store.js';
import { fold, foldLocked } from '../fold/fold.js';
import type { Projection, Session } from '../projection.js';
import type { SideSlot } from '../slot/slot.js';
import { createSlot, dropSlot } from '../slot/slot-store.js';
import { removeStatementTimeout } from '../transaction-settings.sql.js';

export type SideVersionParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projection's rows. */
  readonly sql: Sql;
  /** Called after each page. */
  readonly onProgress?: (position: Position, goal: Position) => void;
};

/** Large enough to make a statement worth its cost, small enough for memory. */
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

  /** With empty tables. A process that was building there is fenced, and its rows are dropped. */
  static async makeEmpty(projection: Projection, slot: SideSlot, parts: SideVersionParts): Promise<SideVersion> {
    const { epoch } = await claimed(parts.sql, slot);
    await inTransaction(parts.sql, async (session) => {
      await resetCheckpoints(session, slot.checkpoint);
      await removeAllLetters(session, slot.checkpoint);
      await createSlot(session, projection, slot);
    });
    return new SideVersion(projection, slot, parts, { partition: 0, position: 0, epoch });
  }

  /** Takes over the version that is there; null if there is none. */
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

  /** Folds page by page, and reads the next page while one is being written. */
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
        // The page in progress may or may not have been written.
        await this.#reloadCheckpoint();
        reading = this.#read(this.position);
      }
    }
    await reading;
  }

  /**
   * The result of `look` with these events folded too, which is rolled back afterwards. A comparison needs it if some
   * partitions are ahead of others.
   */
  async withTrialFold<T>(
    events: AsyncIterable<readonly StoredEvent[]>,
    look: (session: Session) => Promise<T>,
  ): Promise<T> {
    const found: T[] = [];
    const trial = inTransaction(this.parts.sql, async (session) => {
      await removeStatementTimeout(session);
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
    if (what === undefined) throw new Error('the trial ended without a result');
    return what;
  }

  async discard(): Promise<void> {
    await inTransaction(this.parts.sql, (session) => dropSlot(session, this.slot));
  }

  async #fold(batch: readonly StoredEvent[]): Promise<void> {
    const { written } = await fold(this, this.parts.sql, this.checkpoint, batch);
    if (!written) throw new RebuildSuperseded(this.projection.name);
    this.checkpoint = { ...this.checkpoint, position: batch.at(-1)?.position ?? this.position };
  }

  #read(after: Position): Promise<readonly StoredEvent[]> {
    const reading = this.parts.log.read(after, PAGE_EVENTS);
    // Whoever awaits it gets the failure. If nobody does any more, the failure does not matter.
    reading.catch(() => undefined);
    return reading;
  }

  async #reloadCheckpoint(): Promise<void> {
    const now = await readCheckpoint(this.parts.sql, this.slot.checkpoint);
    if (now?.epoch !== this.checkpoint.epoch) throw new RebuildSuperseded(this.projection.name);
    this.checkpoint = now;
  }
}

/** Rolls a trial back. */
class TrialRolledBack extends Error {}

/** A side version is not partitioned. */
async function claimed(sql: Sql, { checkpoint }: SideSlot): Promise<Checkpoint> {
  await ensureCheckpoint(sql, checkpoint);
  const claimedNow = await claimPartition(sql, checkpoint, 0);
  if (claimedNow === null) throw new RebuildSuperseded(checkpoint);
  return claimedNow;
}

export class RebuildSuperseded extends Error {
  override readonly name = 'RebuildSuperseded';
  constructor(projection: string) {
    super(`another process has started to rebuild ${projection}, so this one has stopped`);
  }
}
