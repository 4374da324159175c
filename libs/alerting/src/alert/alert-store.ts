// Reads alerts a page at a time, up to the position before which no alert is missing.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';
import type { Position } from '#event-log';
import { Checkpoints } from '#projection';
import { Registry } from '#registry';
import type { AlertFilter } from './alert-filter.js';
import { filterCondition } from './alert-filter.sql.js';
import type { AlertRow } from './alert.js';
import { ALERTS } from './alerts-projection.js';

/** `upTo`: the position up to which alerts have been read, including those that the filter left out. */
export type AlertPage = { readonly rows: readonly AlertRow[]; readonly upTo: number };

export type ListRange = {
  /** Only alerts before this position; null: from the newest on. */
  readonly before: number | null;
  /** No alert up to this position is missing. */
  readonly completeUpTo: Position;
  /** Recorded at or after, and before; null: no bound. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly limit: number;
};

// A page without alerts is one row with the newest position and null columns.
type PageRow = { readonly newest: number } & (AlertRow | { readonly id: null });

/**
 * Several processes may write alerts, each in its own order. An alert with a lower position may therefore appear later,
 * and a cursor that is past it would never see it. So every read first asks for the position up to which the alerts are
 * complete, and then reads up to there. Alerts up to that position never change.
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
    const complete = await this.checkpoints.position(ALERTS);
    const [row] = await this.#sql<{ newest: Position }[]>`${this.#newestUpTo(complete)}`;
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
    const complete = await this.checkpoints.position(ALERTS);
    const found = await this.#sql<PageRow[]>`
      select newest, page.* from (${this.#newestUpTo(complete)}) head
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

  #newestUpTo(complete: Position): ReturnType<Sql> {
    return this.#sql`select coalesce(max(position), 0) as newest from alert where position <= ${complete}`;
  }

  #columns(): ReturnType<Sql> {
    return this.#sql`
      position, id, type, region, lens, status_from as "from", status_to as "to", at, recorded_at as "recordedAt",
      supersedes, scale, detail, trail as "traceContext",
      coalesce(known_at_position, position) as "knownAtPosition"`;
  }
}
