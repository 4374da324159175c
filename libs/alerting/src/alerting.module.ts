// Nest modules of alerting: the routes for subscribers, the work of the alerter, and both together.
import { Module, type Provider } from '@nestjs/common';
import { Followers, Health, Metrics, Settings } from '#platform';
import { AlertNotifications } from './alert/alert-notifications.js';
import { AlertStore } from './alert/alert-store.js';
import { AlertsController } from './alert/alerts.controller.js';
import { AlertsProjection } from './alert/alerts-projection.js';
import { Random, SystemRandom } from './random.js';
import { DeliverySender } from './delivery/delivery-sender.js';
import { DeliveriesHealth } from './delivery/deliveries-health.js';
import { DeliveryListStore } from './delivery/delivery-list-store.js';
import { DeliveryMetrics } from './delivery/delivery-metrics.js';
import { DeliveryStore } from './delivery/delivery-store.js';
import { DeliveryWorker } from './delivery/delivery-worker.js';
import { AlertStreamController } from './stream/alert-stream.controller.js';
import { AlertStreams } from './stream/alert-streams.js';
import { SecretStore } from './delivery/secret-store.js';
import { SubscriptionStore } from './subscription/subscription-store.js';
import { Subscriptions } from './subscription/subscriptions.js';
import { SubscriptionsController } from './subscription/subscriptions.controller.js';
import { AddressGuard } from './webhook/address-guard.js';
import { SenderIdentity } from './webhook/sender-identity.js';
import { WebhookClient } from './webhook/webhook-client.js';

const SHARED_PROVIDERS: readonly Provider[] = [
  AlertStore,
  AlertNotifications,
  SecretStore,
  DeliveryStore,
  DeliveryListStore,
  DeliveryMetrics,
  DeliverySender,
  { provide: Random, useClass: SystemRandom },
  { provide: SenderIdentity, useFactory: ({ url }: Settings) => new SenderIdentity(url), inject: [Settings] },
  {
    provide: WebhookClient,
    useFactory: ({ webhookAllow }: Settings) => new WebhookClient(new AddressGuard(webhookAllow)),
    inject: [Settings],
  },
];

@Module({ providers: [...SHARED_PROVIDERS], exports: [...SHARED_PROVIDERS] })
class SharedModule {}

/** The routes of alerts, their stream, and subscriptions. */
@Module({
  imports: [SharedModule],
  controllers: [AlertsController, AlertStreamController, SubscriptionsController],
  providers: [AlertStreams, SubscriptionStore, Subscriptions, DeliveriesHealth],
})
export class SubscribersModule {
  constructor(health: Health, deliveries: DeliveriesHealth, metrics: Metrics, streams: AlertStreams) {
    health.add(deliveries);
    metrics.gauge({
      ...{ name: 'barada_alert_stream_clients', help: 'Clients of the alert stream in this process' },
      collect: () => [{ labels: {}, value: streams.count }],
    });
  }
}

/** The alerts projection and the delivery worker. */
@Module({
  imports: [SharedModule],
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
