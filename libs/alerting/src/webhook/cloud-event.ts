// An alert as a CloudEvent 1.0 in structured JSON.
import type { TraceContext } from '#platform';
import type { Alert } from '../alert/alert.js';

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/**
 * `source`: the absolute URL of this system's alerts. The trace context uses CloudEvents' extensions for Distributed
 * Tracing and Correlation.
 */
export function alertEvent(alert: Alert, source: string, traceContext: TraceContext | null): string {
  return JSON.stringify({
    specversion: '1.0',
    id: alert.id,
    source,
    type: `barada.alert.${alert.type}.v1`,
    subject: alert.region,
    time: alert.recordedAt,
    ...(traceContext === null
      ? {}
      : { traceparent: traceContext.traceparent, correlationid: traceContext.correlation }),
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

/** The message of `POST .../test`. Its type differs from every alert's, so that no receiver takes it for one. */
export function testEvent({ id, subscription, time, source }: TestMessage): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type: 'barada.alert.test.v1',
    subject: subscription,
    time,
    datacontenttype: 'application/json',
    data: {
      summary: { en: 'This is a test; nothing has happened. Alerts of this subscription arrive in the same way.' },
    },
  });
}
