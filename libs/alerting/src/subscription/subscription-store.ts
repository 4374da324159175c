// The rows of subscriptions. Each change is one statement, because the delivery worker changes the same rows.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';
import type { AlertFilter } from '../alert/alert-filter.js';
import type { PauseReason } from '../delivery/delivery-store.js';
import type { StoredSubscription, NewSubscription, SubscriptionChange } from './subscription.js';

type Row = {
  readonly id: string;
  readonly owner: string;
  readonly fingerprint: string;
  readonly version: number;
  readonly url: string;
  readonly filter: AlertFilter;
  readonly createdAt: Instant;
  readonly cursor: number;
  readonly confirmedAt: Instant | null;
  readonly attempts: number;
  readonly nextAttempt: Instant;
  readonly lastError: string | null;
  readonly pausedBecause: PauseReason | null;
  readonly failingSince: Instant | null;
  readonly waiting: number;
  readonly oldest: Instant | null;
};

/** A page starts after this creation time and id. */
export type SubscriptionCursor = { readonly createdAt: Instant; readonly id: string };

@Injectable()
export class SubscriptionStore {
  readonly #sql: Sql;

  constructor(databases: Databases) {
    this.#sql = databases.analysis;
  }

  /** False where the id is taken. */
  async insert(fresh: NewSubscription): Promise<boolean> {
    const sql = this.#sql;
    const rows = await sql`
      with made as (
        insert into subscription (id, owner, fingerprint, url, filter, created_at, cursor, handshake_next_at)
        values (${fresh.id}, ${fresh.owner}, ${fresh.fingerprint}, ${fresh.url}, ${sql.json(fresh.filter)},
          ${fresh.at}, ${fresh.position}, ${fresh.at})
        on conflict (id) do nothing returning id)
      insert into subscription_secret (subscription, secret) select id, ${fresh.secret} from made returning id`;
    return rows.length > 0;
  }

  async find(id: string): Promise<StoredSubscription | null> {
    const [row] = await this.#sql<Row[]>`${this.#selection()} where s.id = ${id}`;
    return row ? toStoredSubscription(row) : null;
  }

  /** In order of creation. `owner` null: everybody's. */
  async list(
    owner: string | null,
    after: SubscriptionCursor | null,
    limit: number,
  ): Promise<readonly StoredSubscription[]> {
    const sql = this.#sql;
    const rows = await sql<Row[]>`
      ${this.#selection()}
      where (${owner}::text is null or s.owner = ${owner})
        and (${after === null} or (s.created_at, s.id) > (${after?.createdAt ?? null}::timestamptz, ${after?.id ?? null}::uuid))
      order by s.created_at, s.id limit ${limit}`;
    return rows.map(toStoredSubscription);
  }

  async countOf(owner: string): Promise<number> {
    const [row] = await this.#sql<{ count: number }[]>`select count(*) from subscription where owner = ${owner}`;
    return row?.count ?? 0;
  }

  /**
   * False where it does not exist or `version` is not the current one (null: any version).
   * A new URL, and a receiver that answered 410, must accept the handshake again. Resuming resets the failures.
   */
  async change(id: string, change: SubscriptionChange, at: Instant, version: number | null): Promise<boolean> {
    const sql = this.#sql;
    const { url, filter, paused } = change;
    const rows = await sql`
      with old as (
        select id, ${url}::text is distinct from null and url <> ${url} as moved, ${paused}::boolean is false as resumed,
          paused_because
        from subscription where id = ${id} and (${version}::integer is null or version = ${version}) for update),
      changed as (
        update subscription s set
          version = s.version + 1,
          url = coalesce(${url}, s.url),
          filter = coalesce(${filter && sql.json(filter)}::jsonb, s.filter),
          paused_because = case when old.resumed then null
            when ${paused}::boolean then coalesce(s.paused_because, 'asked') else s.paused_because end,
          confirmed_at = case when old.moved or (old.resumed and old.paused_because = 'gone') then null else s.confirmed_at end,
          handshake_attempts = case when old.moved or old.resumed then 0 else s.handshake_attempts end,
          handshake_next_at = case when old.moved or old.resumed then ${at} else s.handshake_next_at end,
          handshake_error = case when old.moved or old.resumed then null else s.handshake_error end,
          failing_since = case when old.moved or old.resumed then null else s.failing_since end
        from old where s.id = old.id
        returning s.id, old.moved or old.resumed as retry),
      due as (
        update delivery d set next_attempt_at = ${at} from changed c
        where c.retry and d.subscription = c.id and d.state = 'waiting')
      select id from changed`;
    return rows.length > 0;
  }

  async remove(id: string): Promise<boolean> {
    const rows = await this.#sql`delete from subscription where id = ${id} returning id`;
    return rows.length > 0;
  }

  /** Delivers alerts from `from` on (again); those that wait already keep waiting. Returns the new cursor. */
  async replay(id: string, from: number): Promise<number | null> {
    const [row] = await this.#sql<{ cursor: number }[]>`
      update subscription set cursor = least(cursor, ${from - 1}) where id = ${id} returning cursor`;
    return row?.cursor ?? null;
  }

  #selection(): ReturnType<Sql> {
    return this.#sql`
      select s.id, s.owner, s.fingerprint, s.version, s.url, s.filter, s.created_at as "createdAt", s.cursor,
        s.confirmed_at as "confirmedAt", s.handshake_attempts as attempts, s.handshake_next_at as "nextAttempt",
        s.handshake_error as "lastError", s.paused_because as "pausedBecause", s.failing_since as "failingSince",
        w.waiting, w.oldest
      from subscription s
      cross join lateral (
        select count(*) as waiting, min(d.created_at) as oldest from delivery d
        where d.subscription = s.id and d.state = 'waiting') w`;
  }
}

function toStoredSubscription(row: Row): StoredSubscription {
  const { owner, fingerprint, version } = row;
  const state = row.pausedBecause !== null ? 'paused' : row.confirmedAt === null ? 'pending' : 'active';
  return {
    owner,
    fingerprint,
    version,
    subscription: {
      id: row.id,
      url: row.url,
      filter: row.filter,
      state,
      pausedBecause: row.pausedBecause,
      createdAt: row.createdAt,
      position: row.cursor,
      handshake: {
        confirmedAt: row.confirmedAt,
        attempts: row.attempts,
        nextAttempt: state === 'pending' ? row.nextAttempt : null,
        lastError: row.lastError,
      },
      deliveries: { waiting: row.waiting, oldest: row.oldest },
      failingSince: row.failingSince,
    },
  };
}
