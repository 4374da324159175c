// What became of a subscription's deliveries, and how many wait in all: for owners and operators to look at.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';
import type { DeliveryRow } from '../subscription/subscription.schema.js';

type Row = {
  readonly alert: string | null;
  readonly position: string;
  readonly state: 'waiting' | 'delivered';
  readonly attempts: number;
  readonly created_at: Date;
  readonly next_attempt_at: Date | null;
  readonly delivered_at: Date | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
};

export type Waiting = {
  readonly waiting: number;
  readonly oldest: Instant | null;
  readonly active: number;
  readonly pending: number;
  readonly paused: number;
};

export type DeliveryPlace = {
  readonly state: 'waiting' | 'delivered' | null;
  readonly before: number | null;
  readonly limit: number;
};

@Injectable()
export class DeliveryList {
  readonly #sql: Sql;

  constructor(databases: Databases) {
    this.#sql = databases.analysis;
  }

  /** Newest first. */
  async of(subscription: string, { state, before, limit }: DeliveryPlace): Promise<readonly DeliveryRow[]> {
    const rows = await this.#sql<Row[]>`
      select a.id as alert, d.* from delivery d left join alert a on a.position = d.position
      where d.subscription = ${subscription}
        and (${state}::text is null or d.state = ${state})
        and (${before}::bigint is null or d.position < ${before})
      order by d.position desc limit ${limit}`;
    return rows.map((row) => ({
      alert: row.alert,
      position: Number(row.position),
      state: row.state,
      attempts: row.attempts,
      createdAt: row.created_at.toISOString(),
      nextAttempt: row.next_attempt_at?.toISOString() ?? null,
      deliveredAt: row.delivered_at?.toISOString() ?? null,
      lastStatus: row.last_status,
      lastError: row.last_error,
    }));
  }

  async waiting(): Promise<Waiting> {
    const [row] = await this.#sql<(Record<keyof Omit<Waiting, 'oldest'>, string> & { oldest: Date | null })[]>`
      select
        (select count(*) from delivery where state = 'waiting') as waiting,
        (select min(created_at) from delivery where state = 'waiting') as oldest,
        count(*) filter (where paused_because is null and confirmed_at is not null) as active,
        count(*) filter (where paused_because is null and confirmed_at is null) as pending,
        count(*) filter (where paused_because is not null) as paused
      from subscription`;
    return {
      waiting: Number(row?.waiting ?? 0),
      oldest: row?.oldest?.toISOString() ?? null,
      active: Number(row?.active ?? 0),
      pending: Number(row?.pending ?? 0),
      paused: Number(row?.paused ?? 0),
    };
  }
}
