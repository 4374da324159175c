// Tells subscribers: alerts out of the log, a list and a stream of them, signed deliveries.
export { AlerterModule, AlertingModule, SubscribersModule } from './alerting.module.js';
export { AlertsProjection } from './alert/alerts-projection.js';
export { ALERT_TYPES, type Alert, type AlertType } from './alert/alert.js';
