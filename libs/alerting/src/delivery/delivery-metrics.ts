// What becomes of deliveries, for Prometheus.
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
    this.#calls = metrics.registerCounter('barada_deliveries_total', 'Calls to webhooks, by outcome', ['outcome']);
    for (const outcome of ['delivered', 'refused', 'unreached']) this.#calls.inc({ outcome }, 0);
    metrics.gauge({
      name: 'barada_deliveries_waiting',
      help: 'Alerts that have not reached their subscriber yet',
      collect: async () => [{ labels: {}, value: (await list.backlog()).waiting }],
    });
    metrics.gauge({
      name: 'barada_delivery_age_seconds',
      help: 'How long the oldest of them has waited',
      collect: async () => [{ labels: {}, value: ageSeconds(await list.backlog(), clock) }],
    });
    metrics.gauge({
      name: 'barada_subscriptions_paused',
      help: 'Subscriptions that nothing is sent to',
      collect: async () => [{ labels: {}, value: (await list.backlog()).paused }],
    });
  }

  /** One call: it got through, the receiver answered otherwise, or it was not reached. */
  called(outcome: CallOutcome): void {
    this.#calls.inc({ outcome: isDelivered(outcome) ? 'delivered' : KIND[outcome.kind] });
  }
}

const KIND: Readonly<Record<CallOutcome['kind'], string>> = { answered: 'refused', unreached: 'unreached' };

/** How long the oldest has waited; 0 where none waits. */
export function ageSeconds({ oldest }: DeliveryBacklog, clock: Clock): number {
  return oldest === null ? 0 : Math.max(0, (Date.parse(clock.now()) - Date.parse(oldest)) / MS);
}
