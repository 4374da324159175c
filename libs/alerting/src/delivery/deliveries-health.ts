// Reports the delivery backlog in /health/status, so that silence can be told from failure.
import { Injectable } from '@nestjs/common';
import { Clock, HealthSource, type HealthResult } from '#platform';
import { AlertStreams } from '../stream/alert-streams.js';
import { DeliveryListStore } from './delivery-list-store.js';
import { ageSeconds } from './delivery-metrics.js';

@Injectable()
export class DeliveriesHealth extends HealthSource {
  override readonly name = 'deliveries';

  constructor(
    private readonly deliveries: DeliveryListStore,
    private readonly streams: AlertStreams,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async check(): Promise<HealthResult> {
    const found = await this.deliveries.backlog();
    const { waiting, active, pending, paused } = found;
    const oldestSeconds = Math.round(ageSeconds(found, this.clock));
    const subscriptions = { active, pending, paused };
    return { notReady: null, details: { waiting, oldestSeconds, subscriptions, streamClients: this.streams.count } };
  }
}
