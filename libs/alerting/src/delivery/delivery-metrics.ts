// Delivery metrics for Prometheus.
import { Injectable } from '@nestjs/common';
import { Clock, Metrics } from '#platform';
import type { CallOutcome } from '../webhook/webhook-client.js';
import { DeliveryListStore, type DeliveryBacklog } from './delivery-list-store.js';
import { isDelivered } from './delivery-failure.js';

const MS = 1_000;

@Injectable()
export class DeliveryMetrics {
  readonly #calls;

  constructor(metrics: Metrics, list: DeliveryListStore, clock: Clock) {
    this.#calls = metrics.registerCounter('barada_deliveries_total', 'Webhook calls by outcome', ['outcome']);
    for (const outcome of ['delivered', 'refused', 'unreached']) this.#calls.inc({ outcome }, 0);
    metrics.gauge({
      name: 'barada_deliveries_waiting',
      help: 'Deliveries that the receiver has not accepted yet',
      collect: async () => [{ labels: {}, value: (await list.backlog()).waiting }],
    });
    metrics.gauge({
      name: 'barada_delivery_age_seconds',
      help: 'Age of the oldest waiting delivery',
      collect: async () => [{ labels: {}, value: ageSeconds(await list.backlog(), clock) }],
    });
    metrics.gauge({
      name: 'barada_subscriptions_paused',
      help: 'Paused subscriptions',
      collect: async () => [{ labels: {}, value: (await list.backlog()).paused }],
    });
  }

  /** Counts one call as delivered, refused (any other answer) or unreached. */
  called(outcome: CallOutcome): void {
    this.#calls.inc({ outcome: isDelivered(outcome) ? 'delivered' : KIND[outcome.kind] });
  }
}

const KIND: Readonly<Record<CallOutcome['kind'], string>> = { answered: 'refused', unreached: 'unreached' };

/** Age of the oldest waiting delivery; 0 without one. */
export function ageSeconds({ oldest }: DeliveryBacklog, clock: Clock): number {
  return oldest === null ? 0 : Math.max(0, (Date.parse(clock.now()) - Date.parse(oldest)) / MS);
}
