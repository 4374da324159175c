// Reads alerts, a page at a time. Single writer, in order of position: what is there is always whole up to its newest.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant, Status } from '#domain';
import { Registry } from '#registry';
import { wanted, type AlertFilter } from './alert-filter.js';
import type { AlertDetail, AlertRow, AlertType } from './alert.js';

type Row = {
  readonly position: string;
  readonly id: string;
  readonly type: AlertType;
  readonly region: string;
  readonly lens: string | null;
  readonly status_from: Status | null;
  readonly status_to: Status | null;
  readonly at: string;
  readonly recorded_at: Date;
  readonly supersedes: string | null;
  readonly scale: number | null;
  readonly detail: AlertDetail;
};

/** `upTo`: everything up to this position has been looked at, whether it was wanted or not. */
export type AlertPage = { readonly rows: readonly AlertRow[]; readonly upTo: number };

export type Older = {
  /** Only what lies before this position; null: from the newest on. */
  readonly before: number | null;
  /** Recorded at or after, and before; null: no bound. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly limit: number;
};

@Injectable()
export class AlertStore {
  readonly #sql: Sql;

  constructor(
    databases: Databases,
    private readonly registry: Registry,
  ) {
    this.#sql = databases.analysis;
  }

  async get(id: string): Promise<AlertRow | null> {
    const [row] = await this.#sql<Row[]>`select * from alert where id = ${id}`;
    return row ? toAlertRow(row) : null;
  }

  /** The newest alert's position; 0 where there is none. */
  async newest(): Promise<number> {
    const [row] = await this.#sql<{ newest: string }[]>`select coalesce(max(position), 0) as newest from alert`;
    return Number(row?.newest ?? 0);
  }

  /** Newest first. */
  async older(filter: AlertFilter, { before, from, to, limit }: Older): Promise<readonly AlertRow[]> {
    const rows = await this.#sql<Row[]>`
      select * from alert
      where (${before}::bigint is null or position < ${before})
        and (${from}::timestamptz is null or recorded_at >= ${from})
        and (${to}::timestamptz is null or recorded_at < ${to})
        and ${wanted(this.#sql, filter, this.registry.current.regions)}
      order by position desc limit ${limit}`;
    return rows.map(toAlertRow);
  }

  /** Oldest first. One statement, so that `upTo` and the rows are of one moment and nothing falls between them. */
  async behind(cursor: number, filter: AlertFilter, limit: number): Promise<AlertPage> {
    const sql = this.#sql;
    const found = await sql<(Row & { newest: string })[]>`
      select newest, page.* from (select coalesce(max(position), 0) as newest from alert) head
      left join lateral (
        select * from alert
        where position > ${cursor} and ${wanted(sql, filter, this.registry.current.regions)}
        order by position limit ${limit}) page on true
      order by page.position`;
    const rows = found.flatMap((row) => (row.id ? [toAlertRow(row)] : []));
    const last = rows.length === limit ? rows.at(-1)?.position : undefined;
    return { rows, upTo: Math.max(cursor, last ?? Number(found[0]?.newest ?? 0)) };
  }
}

export function toAlertRow(row: Row): AlertRow {
  return {
    id: row.id,
    type: row.type,
    region: row.region,
    lens: row.lens,
    from: row.status_from,
    to: row.status_to,
    at: row.at,
    recordedAt: row.recorded_at.toISOString(),
    position: Number(row.position),
    supersedes: row.supersedes,
    scale: row.scale,
    detail: row.detail,
  };
}
