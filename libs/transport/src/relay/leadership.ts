// This process's time as the active relay: from the claim until it is handed over, or another has taken it.
import type { Sql } from '#database';
import type { Batch } from './batch.js';
import {
  claimLeadership,
  readRelayCheckpoint,
  releaseLease,
  renewLease,
  saveRelayCheckpoint,
  type RelayCheckpoint,
} from './lease-store.js';

/** Another became the active relay. */
export class LeadershipLost extends Error {
  override readonly name = 'Relieved';
  constructor() {
    super('another relay became the active one');
  }
}

export class Leadership {
  #checkpoint: RelayCheckpoint | null = null;
  #isCertain = true;

  constructor(private readonly sql: Sql) {}

  /** Where the next batch begins; null: another is active. Claims where nobody is, and asks again only when in doubt. */
  async checkpoint(): Promise<RelayCheckpoint | null> {
    const known = this.#checkpoint;
    if (known && this.#isCertain) return known;
    const epoch = known?.epoch ?? (await claimLeadership(this.sql));
    const now = epoch === null ? null : await readRelayCheckpoint(this.sql, epoch);
    if (known && !now) throw this.#lost();
    this.#checkpoint = now;
    this.#isCertain = true;
    return now;
  }

  /** The batch is with the broker: where the next one begins. */
  async save(from: RelayCheckpoint, batch: Batch): Promise<RelayCheckpoint> {
    this.#isCertain = false;
    if (!(await saveRelayCheckpoint(this.sql, from, batch))) throw this.#lost();
    this.#isCertain = true;
    const now = { epoch: from.epoch, position: batch.position, last: new Map([...from.last, ...batch.last]) };
    // A stop that lost its patience has handed over meanwhile.
    if (this.#checkpoint) this.#checkpoint = now;
    return now;
  }

  /** After a failure the database may say something else: nobody knows what became of a note. */
  markUncertain(): void {
    this.#isCertain = false;
  }

  async renew(): Promise<void> {
    const epoch = this.#checkpoint?.epoch;
    if (epoch === undefined) return;
    // One that fails says nothing about the lease.
    const isOurs = await renewLease(this.sql, epoch).catch(() => true);
    if (!isOurs && this.#checkpoint?.epoch === epoch) this.markUncertain();
  }

  /** The next relay need not wait. */
  async release(): Promise<void> {
    const epoch = this.#checkpoint?.epoch;
    this.#checkpoint = null;
    if (epoch !== undefined) await releaseLease(this.sql, epoch);
  }

  #lost(): LeadershipLost {
    this.#checkpoint = null;
    return new LeadershipLost();
  }
}
