// Reads alerts, a page at a time, as far as nothing before them is missing: several processes may write them.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';
import type { Position } from '#event-log';
import { Checkpoints } from '#projection';
import { Registry } from '#registry';
import { filterCondition, type AlertFilter } from './alert-filter.js';
import type { AlertRow } from './alert.js';
import { ALERTS } from './alerts-projection.js';

/** `upTo`: everything up to this position has been looked at, whether it was wanted or not. */
export type AlertPage = { readonly rows: readonly AlertRow[]; readonly upTo: number };

export type ListRange = {
  /** Only what lies before this position; null: from the newest on. */
  readonly before: number | null;
  /** Up to here all alerts are there. */
  readonly completeUpTo: Position;
  /** Recorded at or after, and before; null: no bound. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly limit: number;
};

// Where nothing is wanted the one row has the newest position, and no alert.
type PageRow = { readonly newest: number } & (AlertRow | { readonly id: null });

/**
 * Several processes may write alerts, each in its own order: one that is there may have one before it that is still to
 * come, and a cursor that has passed by would never see that one. So it is always asked first up to where they are
 * whole, and then for the alerts up to there: none of them is missing, and none changes.
 */
@Injectable()
export class AlertStore {
  readonly #sql: Sql;

  constructor(
    databases: Databases,
    private readonly registry: Registry,
    private readonly checkpoints: Checkpoints,
  ) {
    this.#sql = databases.analysis;
  }

  async get(id: string): Promise<AlertRow | null> {
    const [row] = await this.#sql<AlertRow[]>`select ${this.#columns()} from alert where id = ${id}`;
    return row ?? null;
  }

  /** The position of the newest alert before which none is missing; 0 where there is none. */
  async newest(): Promise<Position> {
    const whole = await this.checkpoints.position(ALERTS);
    const [row] = await this.#sql<{ newest: Position }[]>`${this.#newestUpTo(whole)}`;
    return row?.newest ?? 0;
  }

  /** Newest first. */
  async before(
    filter: AlertFilter,
    { before, completeUpTo, from, to, limit }: ListRange,
  ): Promise<readonly AlertRow[]> {
    return this.#sql<AlertRow[]>`
      select ${this.#columns()} from alert
      where position <= ${completeUpTo} and (${before}::bigint is null or position < ${before})
        and (${from}::timestamptz is null or recorded_at >= ${from})
        and (${to}::timestamptz is null or recorded_at < ${to})
        and ${filterCondition(this.#sql, filter, this.registry.current.regions)}
      order by position desc limit ${limit}`;
  }

  /** Oldest first. */
  async after(cursor: number, filter: AlertFilter, limit: number): Promise<AlertPage> {
    const whole = await this.checkpoints.position(ALERTS);
    const found = await this.#sql<PageRow[]>`
      select newest, page.* from (${this.#newestUpTo(whole)}) head
      left join lateral (
        select ${this.#columns()} from alert
        where position > ${cursor} and position <= newest and ${filterCondition(this.#sql, filter, this.registry.current.regions)}
        order by position limit ${limit}) page on true
      order by page.position`;
    const newest = found[0]?.newest ?? 0;
    const rows = found.filter((row) => row.id !== null);
    const last = rows.length === limit ? rows.at(-1)?.position : undefined;
    return { rows, upTo: Math.max(cursor, last ?? newest) };
  }

  #newestUpTo(whole: Position): ReturnType<Sql> {
    return this.#sql`select coalesce(max(position), 0) as newest from alert where position <= ${whole}`;
  }

  #columns(): ReturnType<Sql> {
    return this.#sql`
      position, id, type, region, lens, status_from as "from", status_to as "to", at, recorded_at as "recordedAt",
      supersedes, scale, detail, trail`;
  }
}
