// This process's time as the active relay: from the claim until it is handed over, or another has taken it.
import type { Sql } from '#database';
import type { Batch } from './batch.js';
import { claim, note, release, renew, standing, type RelayCheckpoint } from './lease.js';

/** Another became the active relay. */
export class LeadershipLost extends Error {
  override readonly name = 'Relieved';
  constructor() {
    super('another relay became the active one');
  }
}

export class Leadership {
  #standing: RelayCheckpoint | null = null;
  #isSure = true;

  constructor(private readonly sql: Sql) {}

  /** Where the next batch begins; null: another is active. Claims where nobody is, and asks again only when in doubt. */
  async standing(): Promise<RelayCheckpoint | null> {
    const known = this.#standing;
    if (known && this.#isSure) return known;
    const epoch = known?.epoch ?? (await claim(this.sql));
    const now = epoch === null ? null : await standing(this.sql, epoch);
    if (known && !now) throw this.#relieved();
    this.#standing = now;
    this.#isSure = true;
    return now;
  }

  /** The batch is with the broker: where the next one begins. */
  async note(from: RelayCheckpoint, batch: Batch): Promise<RelayCheckpoint> {
    this.#isSure = false;
    if (!(await note(this.sql, from, batch))) throw this.#relieved();
    this.#isSure = true;
    const now = { epoch: from.epoch, position: batch.position, last: new Map([...from.last, ...batch.last]) };
    // A stop that lost its patience has handed over meanwhile.
    if (this.#standing) this.#standing = now;
    return now;
  }

  /** After a failure the database may say something else: nobody knows what became of a note. */
  doubt(): void {
    this.#isSure = false;
  }

  async signOfLife(): Promise<void> {
    const epoch = this.#standing?.epoch;
    if (epoch === undefined) return;
    // One that fails says nothing about the lease.
    const isOurs = await renew(this.sql, epoch).catch(() => true);
    if (!isOurs && this.#standing?.epoch === epoch) this.doubt();
  }

  /** The next relay need not wait. */
  async handOver(): Promise<void> {
    const epoch = this.#standing?.epoch;
    this.#standing = null;
    if (epoch !== undefined) await release(this.sql, epoch);
  }

  #relieved(): LeadershipLost {
    this.#standing = null;
    return new LeadershipLost();
  }
}
