// One partition of one projection: folds new messages, drops duplicates, and reads missing events from the log. It does
// not rely on any promise of the client or the broker.
import type { Sql } from '#database';
import { eventsInLog, type EventLog, type LogIdentity, type Position, type StoredEvent } from '#event-log';
import { PartitionOwner, partitionOf, type KeyParked, type Projection } from '#projection';
import type { SentEvent } from '../wire/index.js';
import type { AnomalyCounts } from './anomaly-counts.js';

/** An event from the topic: there is none for this partition between `prev` and its own position. */
export type FeedMessage = SentEvent;

export type FeedParts = {
  readonly projection: Projection;
  readonly log: EventLog;
  readonly sql: Sql;
  /** The log's own. */
  readonly identity: LogIdentity;
  readonly counts: AnomalyCounts;
  /** Called with messages that are not of our log. */
  readonly onForeign: (foreign: readonly FeedMessage[]) => void;
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
      let [rest, searched] = [await this.#ofOurLog(messages, await this.#position()), 0];
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

  /**
   * A message is believed only if the log has that very event: the topic may belong to another log, or to a state of ours
   * that was lost. Known messages are dropped as duplicates, so only those after our position are looked up.
   */
  async #ofOurLog(messages: readonly FeedMessage[], position: Position): Promise<readonly FeedMessage[]> {
    const named = messages.filter(({ log }) => log === null || this.#isOurLog(log));
    const newer = named.flatMap(({ event }) => (event.position > position ? [event] : []));
    const known = newer.length === 0 ? new Set<StoredEvent>() : await eventsInLog(this.parts.sql, newer);
    const ours = named.filter(({ event }) => event.position <= position || known.has(event));
    if (ours.length === messages.length) return messages;
    this.parts.counts.add('foreign', messages.length - ours.length);
    this.parts.onForeign(messages.filter((message) => !ours.includes(message)));
    return ours;
  }

  #isOurLog({ log, generation }: LogIdentity): boolean {
    return log === this.parts.identity.log && generation === this.parts.identity.generation;
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
