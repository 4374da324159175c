// This process's leadership as the active relay: from the claim until it is released, or lost to another relay.
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

/** Another relay became the active one. */
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

  /** Where the next batch begins; null: another relay is active. Claims if none is. Reads the table again only if uncertain. */
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

  /** Records that the batch is with the broker. Returns where the next one begins. */
  async save(from: RelayCheckpoint, batch: Batch): Promise<RelayCheckpoint> {
    this.#isCertain = false;
    if (!(await saveRelayCheckpoint(this.sql, from, batch))) throw this.#lost();
    this.#isCertain = true;
    const now = { ...from, position: batch.position, last: new Map([...from.last, ...batch.last]) };
    // A stop that timed out may have released the lease in the meantime.
    if (this.#checkpoint) this.#checkpoint = now;
    return now;
  }

  /** After a failure: the last checkpoint may or may not have been saved. */
  markUncertain(): void {
    this.#isCertain = false;
  }

  async renew(): Promise<void> {
    const epoch = this.#checkpoint?.epoch;
    if (epoch === undefined) return;
    // A failed renewal says nothing about the lease.
    const isOurs = await renewLease(this.sql, epoch).catch(() => true);
    if (!isOurs && this.#checkpoint?.epoch === epoch) this.markUncertain();
  }

  /** The next relay need not wait until the lease expires. */
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
