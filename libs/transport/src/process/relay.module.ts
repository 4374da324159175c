// Runs the relay as long as the application runs, and reports its health and metrics.
import {
  Injectable,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Databases } from '#database';
import { EventLog } from '#event-log';
import { Clock, Health, HealthSource, Metrics, Settings, type HealthResult } from '#platform';
import type { Kafka } from '../kafka/client.js';
import { relayMetrics } from '../relay/relay-metrics.js';
import { Relay } from '../relay/relay.js';
import { kafkaClientFor } from './kafka-client-for.js';

@Injectable()
export class RelayProcess implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly relay: Relay;
  readonly kafka: Kafka;

  constructor(settings: Settings, databases: Databases, log: EventLog, clock: Clock) {
    const logger = new Logger('relay');
    this.kafka = kafkaClientFor(settings);
    this.relay = new Relay({
      log,
      sql: databases.analysis,
      kafka: this.kafka,
      topic: settings.kafka.topic,
      now: () => clock.now(),
      onFailure: (error) => {
        logger.error(error);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }
}

/** Ready: sends, or could at once. A standby must reach the brokers too. */
@Injectable()
export class RelayHealth extends HealthSource implements BeforeApplicationShutdown {
  override readonly name = 'relay';
  readonly #admin: ReturnType<Kafka['admin']>;
  #isConnected = false;

  constructor(private readonly process: RelayProcess) {
    super();
    this.#admin = process.kafka.admin();
  }

  override async check(): Promise<HealthResult> {
    const { role, epoch, position, failing, sent, claims, leadershipLost } = this.process.relay.state;
    const brokers = await this.#brokers();
    return {
      notReady: notReadyReason(failing !== null, brokers),
      // The reason is in the log.
      details: { role, epoch, position, brokers, failingSince: failing?.since ?? null, sent, claims, leadershipLost },
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#admin.disconnect();
  }

  /** How many answer. */
  async #brokers(): Promise<number> {
    try {
      if (!this.#isConnected) await this.#admin.connect();
      this.#isConnected = true;
      return (await this.#admin.describeCluster()).brokers.length;
    } catch {
      this.#isConnected = false;
      return 0;
    }
  }
}

function notReadyReason(isFailing: boolean, brokers: number): string | null {
  if (brokers === 0) return 'no broker answers';
  return isFailing ? 'the relay fails' : null;
}

@Module({ providers: [RelayProcess, RelayHealth] })
export class RelayModule {
  constructor({ relay }: RelayProcess, relayHealth: RelayHealth, health: Health, metrics: Metrics) {
    health.add(relayHealth);
    metrics.registerCounters(relayMetrics(() => relay.state));
    metrics.gauge({
      name: 'barada_relay_active',
      help: '1 if this process sends the log to Kafka, 0 if it is on standby',
      collect: () => [{ labels: {}, value: relay.state.role === 'active' ? 1 : 0 }],
    });
  }
}
