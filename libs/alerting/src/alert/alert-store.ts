// Reads alerts, a page at a time, as far as nothing before them is missing: several processes may write them.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';
import type { Position } from '#event-log';
import { Registry } from '#registry';
import { wanted, type AlertFilter } from './alert-filter.js';
import { newestWhole } from './whole.js';
import type { AlertRow } from './alert.js';

/** `upTo`: everything up to this position has been looked at, whether it was wanted or not. */
export type AlertPage = { readonly rows: readonly AlertRow[]; readonly upTo: number };

export type Older = {
  /** Only what lies before this position; null: from the newest on. */
  readonly before: number | null;
  /** Up to here all alerts are there. */
  readonly whole: Position;
  /** Recorded at or after, and before; null: no bound. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly limit: number;
};

// Where nothing is wanted the one row has the newest position, and no alert.
type Found = { readonly newest: number } & (AlertRow | { readonly id: null });

@Injectable()
export class AlertStore {
  readonly #sql: Sql;
  #whole: Position = 0;

  constructor(
    databases: Databases,
    private readonly registry: Registry,
  ) {
    this.#sql = databases.analysis;
  }

  /** All alerts up to here are known to be there, whatever the checkpoints say from now on. */
  isWholeUpTo(position: Position): void {
    this.#whole = Math.max(this.#whole, position);
  }

  async get(id: string): Promise<AlertRow | null> {
    const [row] = await this.#sql<AlertRow[]>`select ${this.#columns()} from alert where id = ${id}`;
    return row ?? null;
  }

  /** The newest alert's position; 0 where there is none. */
  async newest(): Promise<number> {
    const [row] = await this.#sql<{ newest: number }[]>`select ${newestWhole(this.#sql, this.#whole)} as newest`;
    return row?.newest ?? 0;
  }

  /** Newest first. */
  async older(filter: AlertFilter, { before, whole, from, to, limit }: Older): Promise<readonly AlertRow[]> {
    return this.#sql<AlertRow[]>`
      select ${this.#columns()} from alert
      where position <= ${whole} and (${before}::bigint is null or position < ${before})
        and (${from}::timestamptz is null or recorded_at >= ${from})
        and (${to}::timestamptz is null or recorded_at < ${to})
        and ${wanted(this.#sql, filter, this.registry.current.regions)}
      order by position desc limit ${limit}`;
  }

  /** Oldest first. One statement, so that `upTo` and the rows are of one moment and nothing falls between them. */
  async behind(cursor: number, filter: AlertFilter, limit: number): Promise<AlertPage> {
    const found = await this.#sql<Found[]>`
      select newest, page.* from (select ${newestWhole(this.#sql, this.#whole)} as newest) head
      left join lateral (
        select ${this.#columns()} from alert
        where position > ${cursor} and position <= newest and ${wanted(this.#sql, filter, this.registry.current.regions)}
        order by position limit ${limit}) page on true
      order by page.position`;
    const newest = found[0]?.newest ?? 0;
    const rows = found.filter((row) => row.id !== null);
    const last = rows.length === limit ? rows.at(-1)?.position : undefined;
    return { rows, upTo: Math.max(cursor, last ?? newest) };
  }

  #columns(): ReturnType<Sql> {
    return this.#sql`
      position, id, type, region, lens, status_from as "from", status_to as "to", at, recorded_at as "recordedAt",
      supersedes, scale, detail, trail`;
  }
}
