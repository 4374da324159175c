// Where followers stand, read from the table; and waiting for them to come further.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '#database';
import type { Position } from '#event-log';
import {
  Checkpoints,
  type RelayProgress,
  type PartitionProgress,
  type ProjectionProgress,
  type Watermark,
} from '../projection.js';

type Waiter = {
  readonly projection: string;
  readonly position: Position;
  readonly pass: (standing: Watermark) => void;
};

// For followers in other processes; those in this one tell us themselves.
const POLL_MS = 20;

/**
 * The view `followers` may say less than it did: of a partition with several batches on their way it does not know any
 * more what it had beyond its own events. The rows are there all the same, so whoever asks here hears what was the
 * furthest. Where rows were written anew the generation is higher, and what was known of those before is void.
 *
 * A database that is put back to an earlier state tells nobody: its processes are started again, which they must be in
 * any case, for they have the registers in memory.
 */
export class PostgresCheckpoints extends Checkpoints {
  readonly #furthest = new Map<string, Watermark>();
  readonly #waiters = new Set<Waiter>();
  #polling = false;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async watermark(projection: string): Promise<Watermark> {
    const [said] = await this.sql<Watermark[]>`
      select position, generation from followers where projection = ${projection}`;
    return this.#remember(projection, said ?? { position: 0, generation: 0 });
  }

  // All by the database's clock, which stamps the events too: a follower stands still for as long as its next event has
  // been in the log without the checkpoint having moved.
  override async progress(): Promise<readonly ProjectionProgress[]> {
    return this.sql<ProjectionProgress[]>`
      select f.projection, f.position, f.generation, greatest(head.position - f.position, 0) as lag,
        case when next.position is null then 0
          else extract(epoch from clock_timestamp() - greatest(next.recorded_at, f.moved_at))::int
        end as "standsStillSeconds",
        count(distinct letters.key)::int as parked, min(letters.since) as "degradedSince"
      from log_head as head, followers as f
      left join events as next on next.position = f.position + 1
      left join dead_letters as letters on letters.projection = f.projection
      group by f.projection, f.position, f.generation, f.moved_at, head.position, next.position, next.recorded_at
      order by f.projection`;
  }

  override async partitionProgress(): Promise<readonly PartitionProgress[]> {
    return this.sql<PartitionProgress[]>`
      select c.projection, c.partition, c.position, greatest(coalesce(p.last, head.position) - c.position, 0) as lag
      from log_head as head, checkpoints as c
      left join feed_partitions as p on p.partition = c.partition
      where c.projection not like '%@%'
      order by c.projection, c.partition`;
  }

  override async relayProgress(): Promise<RelayProgress | null> {
    const rows = await this.sql<(Omit<RelayProgress, 'sent'> & { partition: number | null; last: Position | null })[]>`
      select coalesce(f.position, 0) as position, coalesce(f.epoch, 0) as epoch, p.partition, p.last,
        case when f.renewed_at > '-infinity' then extract(epoch from clock_timestamp() - f.renewed_at)::float8 end
          as "silentSeconds"
      from feed as f full join feed_partitions as p on true
      order by p.partition`;
    const [first] = rows;
    if (!first) return null;
    const { position, epoch, silentSeconds } = first;
    const sent = rows.flatMap(({ partition, last }) => (partition === null ? [] : [{ partition, last: last ?? 0 }]));
    return { position, epoch, silentSeconds, sent };
  }

  override async waitFor(projection: string, position: Position, patienceMs: number): Promise<Watermark | null> {
    const standing = await this.watermark(projection);
    if (standing.position >= position) return standing;
    return new Promise((resolve) => {
      const settle = (reached: Watermark | null): void => {
        this.#waiters.delete(waiter);
        clearTimeout(patience);
        resolve(reached);
      };
      const patience = setTimeout(() => {
        settle(null);
      }, patienceMs);
      const waiter: Waiter = { projection, position, pass: settle };
      this.#waiters.add(waiter);
      if (!this.#polling) void this.#poll();
    });
  }

  /** A runner in this process has committed this far: who waits for it need not wait for the next poll. */
  advanced(projection: string, position: Position): void {
    const isWaitedFor = [...this.#waiters].some(
      (waiter) => waiter.projection === projection && waiter.position <= position,
    );
    if (isWaitedFor) void this.#pollOnce();
  }

  // Only while somebody waits.
  async #poll(): Promise<void> {
    this.#polling = true;
    while (this.#waiters.size > 0) {
      await this.#pollOnce();
      if (this.#waiters.size > 0) await sleep(POLL_MS, undefined, { ref: false });
    }
    this.#polling = false;
  }

  // A look that fails is as good as one that saw nothing: the next one may succeed.
  async #pollOnce(): Promise<void> {
    const all = await this.#readWatermarks().catch(() => []);
    for (const { projection, ...said } of all) {
      const standing = this.#remember(projection, said);
      for (const waiter of this.#waiters) {
        if (waiter.projection === projection && waiter.position <= standing.position) waiter.pass(standing);
      }
    }
  }

  async #readWatermarks(): Promise<readonly (Watermark & { readonly projection: string })[]> {
    return this.sql<(Watermark & { projection: string })[]>`select projection, position, generation from followers`;
  }

  #remember(projection: string, said: Watermark): Watermark {
    const furthest = further(this.#furthest.get(projection) ?? said, said);
    this.#furthest.set(projection, furthest);
    return furthest;
  }
}

// Two answers may come in another order than they were given: the lower generation is the older one.
function further(known: Watermark, said: Watermark): Watermark {
  if (said.generation !== known.generation) return said.generation > known.generation ? said : known;
  return said.position > known.position ? said : known;
}
