// Watermarks of projections from PostgreSQL, and waiting for a projection to reach a position.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '#database';
import type { Position } from '#event-log';
import {
  Checkpoints,
  type PartitionProgress,
  type ProjectionProgress,
  type RelayProgress,
  type Watermark,
} from '../projection.js';
import {
  readPartitionProgress,
  readProjectionProgress,
  readRelayProgress,
  readWatermark,
  readWatermarks,
} from './progress-store.js';

type Waiter = {
  readonly projection: string;
  readonly position: Position;
  readonly resolve: (watermark: Watermark) => void;
};

// For followers in other processes; those in this process notify us.
const POLL_MS = 20;

/**
 * The view `followers` may report a lower position than before: for a partition with several batches in progress it has
 * no record of the position that the partition had reached beyond its own events. The rows are there all the same, so
 * this class returns the highest position seen. If rows are rewritten, the generation is higher, and positions of the
 * earlier generation do not count.
 *
 * It does not notice a database that is restored to an earlier state. Its processes have to be restarted in any case,
 * because they hold the registers in memory.
 */
export class PostgresCheckpoints extends Checkpoints {
  readonly #furthest = new Map<string, Watermark>();
  readonly #waiters = new Set<Waiter>();
  #polling = false;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async watermark(projection: string): Promise<Watermark> {
    return this.#remember(projection, (await readWatermark(this.sql, projection)) ?? { position: 0, generation: 0 });
  }

  override progress(): Promise<readonly ProjectionProgress[]> {
    return readProjectionProgress(this.sql);
  }

  override partitionProgress(): Promise<readonly PartitionProgress[]> {
    return readPartitionProgress(this.sql);
  }

  override relayProgress(): Promise<RelayProgress | null> {
    return readRelayProgress(this.sql);
  }

  override async waitFor(projection: string, position: Position, timeoutMs: number): Promise<Watermark | null> {
    const watermark = await this.watermark(projection);
    if (watermark.position >= position) return watermark;
    return new Promise((resolve) => {
      const settle = (reached: Watermark | null): void => {
        this.#waiters.delete(waiter);
        clearTimeout(timeout);
        resolve(reached);
      };
      const timeout = setTimeout(() => {
        settle(null);
      }, timeoutMs);
      const waiter: Waiter = { projection, position, resolve: settle };
      this.#waiters.add(waiter);
      if (!this.#polling) void this.#poll();
    });
  }

  /** A runner in this process has committed up to `position`: its waiters need not wait for the next poll. */
  advanced(projection: string, position: Position): void {
    const isAwaited = [...this.#waiters].some(
      (waiter) => waiter.projection === projection && waiter.position <= position,
    );
    if (isAwaited) void this.#pollOnce();
  }

  // Only while there are waiters.
  async #poll(): Promise<void> {
    this.#polling = true;
    while (this.#waiters.size > 0) {
      await this.#pollOnce();
      if (this.#waiters.size > 0) await sleep(POLL_MS, undefined, { ref: false });
    }
    this.#polling = false;
  }

  // A failed poll is ignored: the next one may succeed.
  async #pollOnce(): Promise<void> {
    const all = await readWatermarks(this.sql).catch(() => []);
    for (const { projection, ...read } of all) {
      const watermark = this.#remember(projection, read);
      for (const waiter of this.#waiters) {
        if (waiter.projection === projection && waiter.position <= watermark.position) waiter.resolve(watermark);
      }
    }
  }

  #remember(projection: string, read: Watermark): Watermark {
    const furthest = further(this.#furthest.get(projection) ?? read, read);
    this.#furthest.set(projection, furthest);
    return furthest;
  }
}

// Two answers may arrive in another order than they were read: the lower generation is the older one.
function further(known: Watermark, read: Watermark): Watermark {
  if (read.generation !== known.generation) return read.generation > known.generation ? read : known;
  return read.position > known.position ? read : known;
}
