// One partition of one projection: folds new messages, drops duplicates, and reads missing events from the log. It does
// not rely on any promise of the client or the broker.
import type { Sql } from '#database';
import type { EventLog, Position, StoredEvent } from '#event-log';
import { PartitionOwner, partitionOf, type KeyParked, type Projection } from '#projection';
import type { AnomalyCounts } from './anomaly-counts.js';

/** An event from the topic: there is none for this partition between `prev` and its own position. */
export type FeedMessage = { readonly event: StoredEvent; readonly prev: Position };

export type FeedParts = {
  readonly projection: Projection;
  readonly log: EventLog;
  readonly sql: Sql;
  readonly counts: AnomalyCounts;
  readonly onParked: (error: KeyParked) => void;
};

/** Another process owns the partition now, or the log was repartitioned: this process must not write the batch. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  constructor(projection: string, partition: number) {
    super(`another process owns partition ${partition} of ${projection} now`);
  }
}

const PAGE_EVENTS = 500;

export class PartitionFeed {
  readonly #owner: PartitionOwner;
  #lastWork: Promise<unknown> = Promise.resolve();

  constructor(
    readonly partition: number,
    private readonly parts: FeedParts,
  ) {
    this.#owner = new PartitionOwner(parts.projection, partition, parts.sql);
  }

  /** The position of the rows, as far as this process knows. */
  get position(): Position {
    return this.#owner.position;
  }

  /** The number of partitions of the log when this one was claimed; 0 before. */
  get partitions(): number {
    return this.#owner.partitions;
  }

  /** Makes this process the partition's owner; the previous owner is fenced. */
  claim(): Promise<void> {
    return this.#serialize(async () => {
      await this.#position();
    });
  }

  /** Folds the new ones of these messages, in order. Throws `Fenced`, or what the fold threw; then take them again. */
  take(messages: readonly FeedMessage[]): Promise<void> {
    return this.#serialize(async () => {
      let [rest, searched] = [messages, 0];
      while (rest.length > 0) {
        const { fresh, hole } = this.#untilHole(rest, Math.max(searched, await this.#position()));
        await this.#fold(fresh);
        if (hole === null) return;
        await this.#backfillTo(hole.prev);
        // The log may have had nothing: `prev` is only a bound.
        searched = hole.prev;
        rest = rest.slice(rest.indexOf(hole));
      }
    });
  }

  /** Folds from the log what has not arrived through the topic, up to `goal`. */
  backfillTo(goal: Position): Promise<void> {
    return this.#serialize(async () => {
      await this.#position();
      await this.#backfillTo(goal);
    });
  }

  /** The new events up to the first hole, and the message after that hole. */
  #untilHole(
    messages: readonly FeedMessage[],
    after: Position,
  ): { readonly fresh: readonly StoredEvent[]; readonly hole: FeedMessage | null } {
    const fresh: StoredEvent[] = [];
    let at = after;
    for (const message of messages) {
      const { event, prev } = message;
      if (!this.#isOurs(event)) this.parts.counts.add('stray');
      else if (event.position <= at) this.parts.counts.add('duplicate');
      else if (prev > at) return { fresh, hole: message };
      else {
        fresh.push(event);
        at = event.position;
      }
    }
    return { fresh, hole: null };
  }

  async #backfillTo(goal: Position): Promise<void> {
    for (let read = this.#owner.position; read < goal;) {
      const page = await this.parts.log.read(read, PAGE_EVENTS);
      const last = page.at(-1);
      if (!last) return;
      read = last.position;
      const missing = page.filter((event) => event.position <= goal && this.#isOurs(event));
      this.parts.counts.add('hole', missing.length);
      await this.#fold(missing);
    }
  }

  async #fold(events: readonly StoredEvent[]): Promise<void> {
    if (events.length === 0) return;
    // Not written: somebody has moved the checkpoint. If the partition is still ours, the events after it are folded now.
    while (!(await this.#owner.fold(events, this.parts.onParked))) await this.#position();
  }

  async #position(): Promise<Position> {
    const { position } = await this.#owner.checkpoint();
    if (this.#owner.isTakenOver) {
      this.parts.counts.add('fenced');
      throw new Fenced(this.parts.projection.name, this.partition);
    }
    return position;
  }

  #isOurs({ key }: StoredEvent): boolean {
    return partitionOf(key, this.partitions) === this.partition;
  }

  #serialize<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#lastWork.then(work);
    this.#lastWork = mine.catch(() => undefined);
    return mine;
  }
}
