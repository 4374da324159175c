// Where followers stand, read from the table; and waiting for them to come further.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '#database';
import type { Position } from '#event-log';
import { readCheckpoint } from './checkpoints.js';
import { Checkpoints } from './projection.js';

type Waiter = { readonly projection: string; readonly position: Position; readonly pass: () => void };

// For followers in other processes; those in this one tell us themselves.
const POLL_MS = 50;

export class PostgresCheckpoints extends Checkpoints {
  readonly #waiters = new Set<Waiter>();
  #polling = false;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async position(projection: string): Promise<Position> {
    return (await readCheckpoint(this.sql, projection))?.position ?? 0;
  }

  override async all(): Promise<readonly { readonly projection: string; readonly position: Position }[]> {
    return this.sql<{ projection: string; position: Position }[]>`
      select projection, position from checkpoints order by projection`;
  }

  override async passed(projection: string, position: Position, patienceMs: number): Promise<boolean> {
    if ((await this.position(projection)) >= position) return true;
    return new Promise<boolean>((resolve) => {
      const settle = (passed: boolean): void => {
        this.#waiters.delete(waiter);
        clearTimeout(patience);
        resolve(passed);
      };
      const patience = setTimeout(() => {
        settle(false);
      }, patienceMs);
      const waiter: Waiter = {
        projection,
        position,
        pass: () => {
          settle(true);
        },
      };
      this.#waiters.add(waiter);
      if (!this.#polling) void this.#poll();
    });
  }

  /** A runner in this process has committed this far. */
  advanced(projection: string, position: Position): void {
    for (const waiter of this.#waiters) {
      if (waiter.projection === projection && waiter.position <= position) waiter.pass();
    }
  }

  // Only while somebody waits. A poll that fails is as good as one that saw nothing: the next one may succeed.
  async #poll(): Promise<void> {
    this.#polling = true;
    while (this.#waiters.size > 0) {
      const all = await this.all().catch(() => []);
      for (const { projection, position } of all) this.advanced(projection, position);
      if (this.#waiters.size > 0) await sleep(POLL_MS, undefined, { ref: false });
    }
    this.#polling = false;
  }
}
