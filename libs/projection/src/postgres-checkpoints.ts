// Where followers stand, read from the table; and waiting for them to come further.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '#database';
import type { Position } from '#event-log';
import { Checkpoints, type Carried, type PartitionStanding, type Proof, type Standing } from './projection.js';

type Waiter = { readonly projection: string; readonly position: Position; readonly pass: () => void };

// For followers in other processes; those in this one tell us themselves.
const POLL_MS = 20;

export class PostgresCheckpoints extends Checkpoints {
  readonly #waiters = new Set<Waiter>();
  #polling = false;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async position(projection: string): Promise<Position> {
    return (await this.standing(projection)).position;
  }

  override async standing(projection: string): Promise<Standing> {
    const [standing] = await this.sql<Standing[]>`
      select position, generation from followers where projection = ${projection}`;
    return standing ?? { position: 0, generation: 0 };
  }

  override async all(): Promise<readonly { readonly projection: string; readonly position: Position }[]> {
    return this.sql<{ projection: string; position: Position }[]>`
      select projection, position from followers order by projection`;
  }

  // All by the database's clock, which stamps the events too: a follower stands still for as long as its next event has
  // been in the log without the checkpoint having moved.
  override async proofs(): Promise<readonly Proof[]> {
    return this.sql<Proof[]>`
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

  override async partitions(): Promise<readonly PartitionStanding[]> {
    return this.sql<PartitionStanding[]>`
      select c.projection, c.partition, c.position, greatest(coalesce(p.last, head.position) - c.position, 0) as lag
      from log_head as head, checkpoints as c
      left join feed_partitions as p on p.partition = c.partition
      where c.projection not like '%@%'
      order by c.projection, c.partition`;
  }

  override async carried(): Promise<Carried | null> {
    const rows = await this.sql<(Omit<Carried, 'sent'> & { partition: number | null; last: Position | null })[]>`
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
