// One partition of one projection, as messages come for it: what is new is folded, what comes twice is dropped, and what
// is missing is read from the log. Nothing of that rests on what the client or the broker promise.
import type { Sql } from '#database';
import type { EventLog, Position, StoredEvent } from '#event-log';
import { PartitionOwner, partitionOf, type KeyParked, type Projection } from '#projection';
import type { AnomalyCounts } from './anomaly-counts.js';

/** An event as the topic brings it: between `prev` and its own position there is none for this partition. */
export type FeedMessage = { readonly event: StoredEvent; readonly prev: Position };

export type FeedParts = {
  readonly projection: Projection;
  readonly log: EventLog;
  readonly sql: Sql;
  readonly counts: AnomalyCounts;
  readonly onParked: (error: KeyParked) => void;
};

/** Another owns the partition now, or the log was cut anew: what was not written is not ours to write. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  constructor(projection: string, partition: number) {
    super(`partition ${partition} of ${projection} is another's now`);
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

  /** Up to where the rows reach, as far as this process knows. */
  get position(): Position {
    return this.#owner.position;
  }

  /** Into how many partitions the log was cut when this one was claimed; 0 before. */
  get partitions(): number {
    return this.#owner.partitions;
  }

  /** Makes this process the partition's owner; whoever was it before writes nothing from then on. */
  claim(): Promise<void> {
    return this.#serialize(async () => {
      await this.#position();
    });
  }

  /** Folds what of these is new, in order. Throws `Fenced`, or what the fold threw; then take them again. */
  take(messages: readonly FeedMessage[]): Promise<void> {
    return this.#serialize(async () => {
      let [rest, looked] = [messages, 0];
      while (rest.length > 0) {
        const { fresh, hole } = this.#untilHole(rest, Math.max(looked, await this.#position()));
        await this.#fold(fresh);
        if (hole === null) return;
        await this.#backfillTo(hole.prev);
        // There may have been nothing: `prev` is a bound.
        looked = hole.prev;
        rest = rest.slice(rest.indexOf(hole));
      }
    });
  }

  /** Folds from the log what the topic has not brought up to there. */
  backfillTo(goal: Position): Promise<void> {
    return this.#serialize(async () => {
      await this.#position();
      await this.#backfillTo(goal);
    });
  }

  /** What is new up to the first hole, and the message behind that hole. */
  #untilHole(
    messages: readonly FeedMessage[],
    standing: Position,
  ): { readonly fresh: readonly StoredEvent[]; readonly hole: FeedMessage | null } {
    const fresh: StoredEvent[] = [];
    let at = standing;
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
    // Not written: somebody has moved the checkpoint. Where it is still ours, what is behind it is folded now.
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
