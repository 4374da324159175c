// The projection from the log to the table `alert`.
import type { StoredEvent } from '#event-log';
import { Projection, type Session } from '#projection';
import { alertOfEvent } from './alert-of-event.js';
import { insertAlerts } from './insert-alerts.sql.js';

export const ALERTS = 'alerts';

export class AlertsProjection extends Projection {
  override readonly name = ALERTS;
  override readonly tables = ['alert'];

  constructor(private readonly horizonDays: number) {
    super();
  }

  override async apply(batch: readonly StoredEvent[], session: Session): Promise<void> {
    const alerts = batch.flatMap((event) => alertOfEvent(event, this.horizonDays) ?? []);
    if (alerts.length > 0) await insertAlerts(alerts, session);
  }
}
