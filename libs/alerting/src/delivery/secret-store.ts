// The secrets that deliveries are signed with. Only the delivery sender reads them.
import { Injectable } from '@nestjs/common';
import { Databases, type Sql } from '#database';
import type { Instant } from '#domain';

// The current secret and the rotated ones that still sign; more would make the header long and rotation pointless.
export const LIVE_SECRETS_MAX = 5;

@Injectable()
export class SecretStore {
  readonly #sql: Sql;

  constructor(databases: Databases) {
    this.#sql = databases.analysis;
  }

  /** The newest first. */
  async live(subscription: string, at: Instant): Promise<readonly string[]> {
    const rows = await this.#sql<{ secret: string }[]>`
      select secret from subscription_secret
      where subscription = ${subscription} and (expires_at is null or expires_at > ${at}) order by id desc`;
    return rows.map(({ secret }) => secret);
  }

  /** False where too many secrets are live, or another rotation is in progress. */
  async rotate(subscription: string, secret: string, at: Instant, oldUntil: Instant): Promise<boolean> {
    const rows = await this.#sql`
      with expired as (
        delete from subscription_secret where subscription = ${subscription} and expires_at <= ${at}),
      live as (
        select count(*) as secrets from subscription_secret
        where subscription = ${subscription} and (expires_at is null or expires_at > ${at})),
      old as (
        update subscription_secret set expires_at = ${oldUntil}
        where subscription = ${subscription} and expires_at is null and (select secrets from live) < ${LIVE_SECRETS_MAX}
        returning subscription)
      insert into subscription_secret (subscription, secret) select subscription, ${secret} from old returning id`;
    return rows.length > 0;
  }
}
