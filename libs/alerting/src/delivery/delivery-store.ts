// The state of deliveries that survives a restart: what waits, who holds the lease, and the outcome of each call.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';
import type { Position } from '#event-log';
import { Registry } from '#registry';
import type { AlertFilter } from '../alert/alert-filter.js';
import { filterCondition } from '../alert/alert-filter.sql.js';

// Large enough to plan a backlog quickly, small enough for a short statement.
const PLAN_PAGE = 1_000;

/** `asked`: paused by its owner; `gone`: the receiver answered 410; `failing`: no delivery succeeded for days. */
export type PauseReason = 'asked' | 'gone' | 'failing';

/** A subscription that this worker may call until the lease expires. */
export type Claim = {
  readonly subscription: string;
  readonly url: string;
  readonly lease: string;
  readonly confirmed: boolean;
  readonly handshakeAttempts: number;
  readonly failingSince: Instant | null;
};

/** A subscription with alerts that have no delivery rows yet. */
export type UnplannedSubscription = { readonly id: string; readonly filter: AlertFilter };

export type DueDelivery = {
  readonly alert: string;
  readonly position: number;
  readonly attempts: number;
  readonly failingSince: Instant | null;
};

export type DeliveryLease = { readonly token: string; readonly at: Instant; readonly until: Instant };

export type DeliveryFailure = {
  readonly at: Instant;
  readonly nextAttempt: Instant;
  readonly status: number | null;
  readonly error: string;
  readonly pause: PauseReason | null;
};

@Injectable()
export class DeliveryStore {
  readonly #sql: Sql;

  constructor(
    databases: Databases,
    private readonly registry: Registry,
  ) {
    this.#sql = databases.analysis;
  }

  /** Subscriptions whose cursor is before the newest alert, which is at this position. */
  async unplanned(newest: Position): Promise<readonly UnplannedSubscription[]> {
    return this.#sql<UnplannedSubscription[]>`select id, filter from subscription where cursor < ${newest}`;
  }

  /**
   * Inserts delivery rows for the alerts that match the filter, from the cursor up to `newest`, and moves the cursor
   * there. No alert before `newest` may be missing. An existing row (a replay moved the cursor back) is set to waiting
   * again. The row lock serializes concurrent planners: the second one starts at the cursor of the first, and leaves the
   * cursor alone where its own `newest` is lower.
   */
  async plan({ id: subscription, filter }: UnplannedSubscription, newest: Position, at: Instant): Promise<void> {
    const sql = this.#sql;
    await sql`
      with sub as (select id, cursor from subscription where id = ${subscription} for update),
      page as (
        select alert.position from alert, sub
        where alert.position > sub.cursor and alert.position <= ${newest}
          and ${filterCondition(sql, filter, this.registry.current.regions)}
        order by alert.position limit ${PLAN_PAGE}),
      made as (
        insert into delivery (subscription, position, state, created_at, next_attempt_at)
        select ${subscription}, position, 'waiting', ${at}, ${at} from page
        on conflict (subscription, position) do update
        set state = 'waiting', attempts = 0, next_attempt_at = excluded.next_attempt_at, delivered_at = null)
      update subscription s set cursor = greatest(s.cursor, case when (select count(*) from page) = ${PLAN_PAGE}
        then (select max(position) from page) else ${newest} end)
      from sub where s.id = sub.id`;
  }

  /** Leases up to `limit` subscriptions that are due for a handshake or a delivery and not leased by another worker. */
  async claim(lease: DeliveryLease, limit: number): Promise<readonly Claim[]> {
    return this.#sql<Claim[]>`
      update subscription s set lease = ${lease.token}, leased_until = ${lease.until}
      from (
        select s.id from subscription s
        left join lateral (
          select d.next_attempt_at from delivery d
          where d.subscription = s.id and d.state = 'waiting' order by d.position limit 1) head on true
        where s.paused_because is null and (s.leased_until is null or s.leased_until <= ${lease.at})
          and case when s.confirmed_at is null then s.handshake_next_at else head.next_attempt_at end <= ${lease.at}
        order by case when s.confirmed_at is null then s.handshake_next_at else head.next_attempt_at end
        limit ${limit} for update of s skip locked) due
      where s.id = due.id
      returning s.id as subscription, s.url, s.lease, s.confirmed_at is not null as confirmed,
        s.handshake_attempts as "handshakeAttempts", s.failing_since as "failingSince"`;
  }

  /** The oldest waiting delivery, where it is due. Requires the lease, so that no other worker can send it meanwhile. */
  async nextDue({ subscription, lease }: Claim, at: Instant): Promise<DueDelivery | null> {
    const [head] = await this.#sql<(DueDelivery & { readonly isDue: boolean })[]>`
      select a.id as alert, d.position, d.attempts, s.failing_since as "failingSince", d.next_attempt_at <= ${at} as "isDue"
      from subscription s join delivery d on d.subscription = s.id join alert a on a.position = d.position
      where s.id = ${subscription} and s.lease = ${lease} and s.paused_because is null and d.state = 'waiting'
      order by d.position limit 1`;
    return head?.isDue ? head : null;
  }

  async delivered(claim: Claim, position: number, at: Instant, status: number): Promise<void> {
    await this.#sql`
      with done as (
        update delivery set state = 'delivered', attempts = attempts + 1, delivered_at = ${at}, next_attempt_at = null,
          last_status = ${status}, last_error = null
        where subscription = ${claim.subscription} and position = ${position})
      update subscription set failing_since = null where id = ${claim.subscription}`;
  }

  async failed({ subscription }: Claim, position: number, failure: DeliveryFailure): Promise<void> {
    await this.#sql`
      with done as (
        update delivery set attempts = attempts + 1, next_attempt_at = ${failure.nextAttempt},
          last_status = ${failure.status}, last_error = ${failure.error}
        where subscription = ${subscription} and position = ${position} and state = 'waiting')
      update subscription set failing_since = coalesce(failing_since, ${failure.at}),
        paused_because = coalesce(paused_because, ${failure.pause})
      where id = ${subscription}`;
  }

  /** `url`: the one that accepted the handshake. A URL that was changed meanwhile stays pending. */
  async agreed(subscription: string, url: string, at: Instant): Promise<void> {
    await this.#sql`
      update subscription set confirmed_at = ${at}, handshake_attempts = handshake_attempts + 1, handshake_error = null,
        failing_since = null
      where id = ${subscription} and url = ${url} and confirmed_at is null`;
  }

  async notAgreed(subscription: string, url: string, failure: DeliveryFailure): Promise<void> {
    await this.#sql`
      update subscription set handshake_attempts = handshake_attempts + 1, handshake_next_at = ${failure.nextAttempt},
        handshake_error = ${failure.error}, failing_since = coalesce(failing_since, ${failure.at}),
        paused_because = coalesce(paused_because, ${failure.pause})
      where id = ${subscription} and url = ${url} and confirmed_at is null`;
  }

  /** False where the lease expired and another worker took over: then nothing more may be sent. */
  async renew({ subscription, lease }: Claim, until: Instant): Promise<boolean> {
    const rows = await this.#sql`
      update subscription set leased_until = ${until} where id = ${subscription} and lease = ${lease} returning id`;
    return rows.length > 0;
  }

  async release({ subscription, lease }: Claim): Promise<void> {
    await this.#sql`
      update subscription set lease = null, leased_until = null where id = ${subscription} and lease = ${lease}`;
  }

  /** Deletes rows that were delivered before this instant; waiting ones are never deleted. */
  async deleteDelivered(before: Instant): Promise<void> {
    await this.#sql`delete from delivery where state = 'delivered' and delivered_at < ${before}`;
  }
}
