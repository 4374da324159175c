// Alerting: derives alerts from the log, serves them as a list and a stream, and delivers them to webhooks.
export { AlerterModule, AlertingModule, SubscribersModule } from './alerting.module.js';
export { AlertsProjection } from './alert/alerts-projection.js';
export { ALERT_TYPES, type Alert, type AlertType } from './alert/alert.js';
