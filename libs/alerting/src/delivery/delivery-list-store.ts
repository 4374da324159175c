// Reads the deliveries of a subscription, and the size of the backlog, for owners and operators.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';
import type { DeliveryRow } from './delivery.schema.js';

export type DeliveryBacklog = {
  readonly waiting: number;
  readonly oldest: Instant | null;
  readonly active: number;
  readonly pending: number;
  readonly paused: number;
};

export type DeliveryListRange = {
  readonly state: 'waiting' | 'delivered' | null;
  readonly before: number | null;
  readonly limit: number;
};

@Injectable()
export class DeliveryListStore {
  readonly #sql: Sql;

  constructor(databases: Databases) {
    this.#sql = databases.analysis;
  }

  /** Newest first. */
  async page(subscription: string, { state, before, limit }: DeliveryListRange): Promise<readonly DeliveryRow[]> {
    return this.#sql<DeliveryRow[]>`
      select a.id as alert, d.position, d.state, d.attempts, d.created_at as "createdAt",
        d.next_attempt_at as "nextAttempt", d.delivered_at as "deliveredAt", d.last_status as "lastStatus",
        d.last_error as "lastError"
      from delivery d left join alert a on a.position = d.position
      where d.subscription = ${subscription}
        and (${state}::text is null or d.state = ${state})
        and (${before}::bigint is null or d.position < ${before})
      order by d.position desc limit ${limit}`;
  }

  async backlog(): Promise<DeliveryBacklog> {
    const [found] = await this.#sql<DeliveryBacklog[]>`
      select
        (select count(*) from delivery where state = 'waiting') as waiting,
        (select min(created_at) from delivery where state = 'waiting') as oldest,
        count(*) filter (where paused_because is null and confirmed_at is not null) as active,
        count(*) filter (where paused_because is null and confirmed_at is null) as pending,
        count(*) filter (where paused_because is not null) as paused
      from subscription`;
    return found ?? { waiting: 0, oldest: null, active: 0, pending: 0, paused: 0 };
  }
}
