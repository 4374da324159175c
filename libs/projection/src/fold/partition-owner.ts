// This process's ownership of one partition of a projection: claims it, folds batches into it, notices when it is lost.
import type { Sql } from '#database';
import type { CommandMeta, StoredEvent } from '#event-log';
import { claimPartition, ensureCheckpoints, readCheckpoint, type Checkpoint } from '../checkpoint/checkpoint-store.js';
import type { PoisonEvent } from './bisect.js';
import { fold } from './fold.js';
import type { Projection } from '../projection.js';
import { liveSlot } from '../slot/slot.js';

/** For the log line: from this event on, its key waits for an operator. */
export class KeyParked extends Error {
  override readonly name = 'Parked';
  constructor(
    { key, position, error }: PoisonEvent,
    /** Of the event, for the log line. */
    readonly meta: CommandMeta | null = null,
  ) {
    super(`event ${position} cannot be folded, so ${key} is parked (see \`barada dead-letters\`): ${error}`);
  }
}

/** The partition does not exist: the log was repartitioned, or is not partitioned yet. */
export class NoSuchPartition extends Error {
  override readonly name = 'NoSuchPartition';
  constructor(projection: string, partition: number) {
    super(`${projection} has no partition ${partition}: the log has another number of partitions`);
  }
}

export class PartitionOwner {
  #checkpoint: Checkpoint | null = null;
  /** False after a failure: the commit in progress may or may not have happened. */
  #isCertain = true;
  #partitions = 0;
  #isTakenOver = false;

  constructor(
    private readonly projection: Projection,
    readonly partition: number,
    private readonly sql: Sql,
  ) {}

  /** The position of the rows, as far as this process knows. */
  get position(): number {
    return this.#checkpoint?.position ?? 0;
  }

  /** How many partitions there were when this one was claimed. */
  get partitions(): number {
    return this.#partitions;
  }

  /** Another process owns the partition, and this one writes nothing any more. */
  get isTakenOver(): boolean {
    return this.#isTakenOver;
  }

  /** Where the next batch begins. The first call claims the partition; later calls read the table only after a failure. */
  async checkpoint(): Promise<Checkpoint> {
    const { name } = this.projection;
    const ours = this.#checkpoint ?? (await this.#claimPartition());
    const now = this.#isCertain ? ours : ((await readCheckpoint(this.sql, name, this.partition)) ?? ours);
    this.#isTakenOver = now.epoch !== ours.epoch;
    this.#checkpoint = { ...now, epoch: ours.epoch };
    this.#isCertain = true;
    return this.#checkpoint;
  }

  /**
   * Writes the events of the batch that are after the checkpoint, together with the checkpoint. False, with nothing
   * written, if somebody else has moved the checkpoint: read it again. Read it again after an exception too, since the
   * batch may have been written.
   */
  async fold(batch: readonly StoredEvent[], onParked: (error: KeyParked) => void): Promise<boolean> {
    const from = await this.checkpoint();
    const fresh = batch.filter(({ position }) => position > from.position);
    const last = fresh.at(-1)?.position;
    if (last === undefined || this.#isTakenOver) return !this.#isTakenOver;
    this.#isCertain = false;
    const target = { projection: this.projection, slot: liveSlot(this.projection) };
    const { written, culprits } = await fold(target, this.sql, from, fresh);
    if (!written) return false;
    for (const culprit of culprits) {
      const event = fresh.find(({ position }) => position === culprit.position);
      onParked(new KeyParked(culprit, event?.meta));
    }
    this.#checkpoint = { ...from, position: last };
    this.#isCertain = true;
    return true;
  }

  async #claimPartition(): Promise<Checkpoint> {
    const { name } = this.projection;
    this.#partitions = await ensureCheckpoints(this.sql, name);
    const checkpoint = await claimPartition(this.sql, name, this.partition);
    if (checkpoint === null) throw new NoSuchPartition(name, this.partition);
    return checkpoint;
  }
}
