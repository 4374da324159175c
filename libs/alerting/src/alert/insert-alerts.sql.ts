// Inserts alerts and notifies listeners.
import type { Session } from '#projection';
import type { NewAlert } from './alert.js';

/** PostgreSQL's NOTIFY channel for new alerts, notified when their transaction commits. */
export const ALERTS_CHANNEL = 'barada_alerts';

/**
 * Inserts alerts and notifies ALERTS_CHANNEL with the newest position. A restatement supersedes the last status alert of
 * its region and lens, in this batch or in the table. Only the first grave report of an incident raises an alert: rows
 * are inserted by position, and the unique index rejects the rest.
 */
export async function insertAlerts(alerts: readonly NewAlert[], session: Session): Promise<void> {
  await session`
    with fresh as (
      select * from jsonb_to_recordset(${session.json(alerts)}) as f(
        position bigint, id uuid, type text, region text, lens text, "from" text, "to" text,
        at text, "recordedAt" timestamptz, scale smallint, detail jsonb, "traceContext" jsonb, "knownAtPosition" bigint)),
    added as (
      insert into alert (position, id, type, region, lens, status_from, status_to, at, recorded_at, scale, detail, trail,
        known_at_position, supersedes)
      select f.position, f.id, f.type, f.region, f.lens, f."from", f."to", f.at, f."recordedAt", f.scale, f.detail,
        nullif(f."traceContext", 'null'), f."knownAtPosition",
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
