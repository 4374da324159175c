// Alerting as Nest sees it: what serves subscribers, what brings alerts to them, and both together.
import { Module, type Provider } from '@nestjs/common';
import { Followers, Health, Metrics, Settings } from '#platform';
import { AlertSignal } from './alert/alert-signal.js';
import { AlertStore } from './alert/alert-store.js';
import { AlertsController } from './alert/alerts.controller.js';
import { AlertsProjection } from './alert/alerts-projection.js';
import { Chance, SystemChance } from './chance.js';
import { Courier } from './delivery/courier.js';
import { DeliveriesHealth } from './delivery/deliveries-health.js';
import { DeliveryList } from './delivery/delivery-list.js';
import { DeliveryMetrics } from './delivery/delivery-metrics.js';
import { DeliveryStore } from './delivery/delivery-store.js';
import { DeliveryWorker } from './delivery/delivery-worker.js';
import { AlertStreams } from './stream/alert-streams.js';
import { SecretStore } from './subscription/secret-store.js';
import { SubscriptionStore } from './subscription/subscription-store.js';
import { Subscriptions } from './subscription/subscriptions.js';
import { SubscriptionsController } from './subscription/subscriptions.controller.js';
import { AddressGuard } from './webhook/address-guard.js';
import { Sender } from './webhook/sender.js';
import { WebhookClient } from './webhook/webhook-client.js';

const CALLING: readonly Provider[] = [
  AlertStore,
  AlertSignal,
  SecretStore,
  DeliveryStore,
  DeliveryList,
  DeliveryMetrics,
  Courier,
  { provide: Chance, useClass: SystemChance },
  { provide: Sender, useFactory: ({ url }: Settings) => new Sender(url), inject: [Settings] },
  {
    provide: WebhookClient,
    useFactory: ({ webhookAllow }: Settings) => new WebhookClient(new AddressGuard(webhookAllow)),
    inject: [Settings],
  },
];

@Module({ providers: [...CALLING], exports: [...CALLING] })
class CallingModule {}

/** The routes: alerts, their stream, subscriptions. */
@Module({
  imports: [CallingModule],
  controllers: [AlertsController, SubscriptionsController],
  providers: [AlertStreams, SubscriptionStore, Subscriptions, DeliveriesHealth],
})
export class SubscribersModule {
  constructor(health: Health, deliveries: DeliveriesHealth, metrics: Metrics, streams: AlertStreams) {
    health.add(deliveries);
    metrics.gauge({
      ...{ name: 'barada_alert_stream_clients', help: 'Who listens to the stream of alerts in this process' },
      look: () => [{ labels: {}, value: streams.count }],
    });
  }
}

/** The work: the table of alerts, and the calls to webhooks. */
@Module({
  imports: [CallingModule],
  providers: [
    DeliveryWorker,
    {
      provide: AlertsProjection,
      useFactory: ({ alertHorizonDays }: Settings) => new AlertsProjection(alertHorizonDays),
      inject: [Settings],
    },
  ],
})
export class AlerterModule {
  constructor(followers: Followers, alerts: AlertsProjection) {
    followers.add(alerts);
  }
}

@Module({ imports: [SubscribersModule, AlerterModule] })
export class AlertingModule {}
