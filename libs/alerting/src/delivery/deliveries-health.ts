// Its part of /health/status: silence must mean calm and not failure.
import { Injectable } from '@nestjs/common';
import { Clock, HealthSource, type Finding } from '#platform';
import { AlertStreams } from '../stream/alert-streams.js';
import { DeliveryList } from './delivery-list.js';

@Injectable()
export class DeliveriesHealth extends HealthSource {
  override readonly name = 'deliveries';

  constructor(
    private readonly deliveries: DeliveryList,
    private readonly streams: AlertStreams,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async look(): Promise<Finding> {
    const { waiting, oldest, active, pending, paused } = await this.deliveries.waiting();
    const ageMs = oldest === null ? 0 : Date.parse(this.clock.now()) - Date.parse(oldest);
    const oldestSeconds = Math.max(0, Math.round(ageMs / 1_000));
    const subscriptions = { active, pending, paused };
    return { notReady: null, details: { waiting, oldestSeconds, subscriptions, streamClients: this.streams.count } };
  }
}
