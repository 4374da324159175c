// What Prometheus learns of the deliveries: how many wait and since when, and how many subscriptions are paused.
import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock, Metrics } from '#platform';
import { DeliveryList, type Waiting } from './delivery-list.js';

const MS_A_SECOND = 1_000;

@Injectable()
export class DeliveryMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly deliveries: DeliveryList,
    private readonly clock: Clock,
  ) {}

  show(): void {
    this.#gauge('barada_deliveries_waiting', 'Alerts that wait for a webhook to take them', ({ waiting }) => waiting);
    this.#gauge('barada_delivery_age_seconds', 'How long the oldest of them has waited', ({ oldest }) =>
      oldest === null ? 0 : Math.max(0, (Date.parse(this.clock.now()) - Date.parse(oldest)) / MS_A_SECOND),
    );
    this.#gauge('barada_subscriptions_paused', 'Subscriptions that nothing is sent to', ({ paused }) => paused);
  }

  #gauge(name: string, help: string, of: (waiting: Waiting) => number): void {
    const look = (): Promise<Waiting> => this.deliveries.waiting();
    new Gauge({
      name,
      help,
      registers: [this.metrics.registry],
      async collect(this: Gauge) {
        this.set(of(await look()));
      },
    });
  }
}
