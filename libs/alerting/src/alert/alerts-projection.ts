// The fold from the log to the table `alert`.
import type { StoredEvent } from '#event-log';
import { Projection, type Session } from '#projection';
import { alertOfEvent } from './alert-of-event.js';
import type { NewAlert } from './alert.js';

/** PostgreSQL's NOTIFY channel on which a new alert is made known when its transaction commits. */
export const ALERTS_CHANNEL = 'barada_alerts';

export const ALERTS = 'alerts';

export class AlertsProjection extends Projection {
  override readonly name = ALERTS;
  override readonly tables = ['alert'];

  constructor(private readonly horizonDays: number) {
    super();
  }

  override async apply(batch: readonly StoredEvent[], session: Session): Promise<void> {
    const alerts = batch.flatMap((event) => alertOfEvent(event, this.horizonDays) ?? []);
    if (alerts.length > 0) await insert(alerts, session);
  }
}

// A restatement corrects the last status alert of its region and lens: one of this batch, else one that is there.
// Of several grave reports of an incident the first alarms: rows go in by position, and the index refuses the rest.
async function insert(alerts: readonly NewAlert[], session: Session): Promise<void> {
  await session`
    with fresh as (
      select * from jsonb_to_recordset(${session.json(alerts)}) as f(
        position bigint, id uuid, type text, region text, lens text, "from" text, "to" text,
        at text, "recordedAt" timestamptz, scale smallint, detail jsonb, trail jsonb)),
    added as (
      insert into alert (position, id, type, region, lens, status_from, status_to, at, recorded_at, scale, detail, trail,
        supersedes)
      select f.position, f.id, f.type, f.region, f.lens, f."from", f."to", f.at, f."recordedAt", f.scale, f.detail,
        nullif(f.trail, 'null'),
        case when f.type = 'status_restated' then coalesce(
          (select p.id from fresh p
           where p.type in ('status_changed', 'status_restated') and p.region = f.region and p.lens = f.lens
             and p.position < f.position
           order by p.position desc limit 1),
          (select p.id from alert p
           where p.type in ('status_changed', 'status_restated') and p.region = f.region and p.lens = f.lens
             and p.position < f.position
           order by p.position desc limit 1)) end
      from fresh f order by f.position
      on conflict do nothing
      returning position)
    select pg_notify(${ALERTS_CHANNEL}, max(position)::text) from added having count(*) > 0`;
}
