// An alert as a CloudEvent 1.0 in structured JSON.
import type { TraceContext } from '#platform';
import type { Alert } from '../alert/alert.js';

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/**
 * `source`: the absolute URL of this system's alerts. The trail goes with CloudEvents' extensions for Distributed Tracing
 * and Correlation.
 */
export function alertEvent(alert: Alert, source: string, trail: TraceContext | null): string {
  return JSON.stringify({
    specversion: '1.0',
    id: alert.id,
    source,
    type: `barada.alert.${alert.type}.v1`,
    subject: alert.region,
    time: alert.recordedAt,
    ...(trail === null ? {} : { traceparent: trail.traceparent, correlationid: trail.correlation }),
    datacontenttype: 'application/json',
    data: alert,
  });
}

export type TestMessage = {
  readonly id: string;
  readonly subscription: string;
  readonly time: string;
  readonly source: string;
};

/** What `POST .../test` sends: of a type of its own, so that nobody takes it for an alert. */
export function testEvent({ id, subscription, time, source }: TestMessage): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type: 'barada.alert.test.v1',
    subject: subscription,
    time,
    datacontenttype: 'application/json',
    data: { summary: { en: 'A test: nothing has happened. Alerts of this subscription arrive in the same way.' } },
  });
}
