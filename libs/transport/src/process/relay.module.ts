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
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from '../kafka/client.js';
import { failureSentence, isKafkaFailure, plainFailure } from '../kafka/failure.js';
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
        logger.error(plainFailure(error));
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

const BROKERS_TIMEOUT_MS = 4_000;

/** Ready: sends, or could at once. A standby must reach the brokers too. */
@Injectable()
export class RelayHealth extends HealthSource implements BeforeApplicationShutdown {
  override readonly name = 'relay';
  #admin: ReturnType<Kafka['admin']> | null = null;

  constructor(private readonly process: RelayProcess) {
    super();
  }

  override async check(): Promise<HealthResult> {
    const { role, epoch, position, failing, sent, claims, leadershipLost } = this.process.relay.state;
    const brokers = await this.#countBrokers().catch(failureOf);
    return {
      notReady: typeof brokers === 'string' ? brokers : failing === null ? null : 'the relay fails',
      // The reason is in the log.
      details: {
        ...{ role, epoch, position, brokers: typeof brokers === 'string' ? 0 : brokers },
        ...{ failingSince: failing?.since ?? null, sent, claims, leadershipLost },
      },
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#admin?.disconnect();
  }

  /** How many answer. A connection that does not answer in time is replaced: its peer may be gone without a word. */
  async #countBrokers(): Promise<number> {
    const admin = this.#admin ?? this.process.kafka.admin({ retry: { retries: 0 } });
    this.#admin = admin;
    const timeout = new AbortController();
    const late = sleep(BROKERS_TIMEOUT_MS, 'late' as const, { signal: timeout.signal }).catch(() => 'late' as const);
    try {
      // On a connected client this does nothing.
      const counted = await Promise.race([admin.connect().then(() => admin.describeCluster()), late]);
      if (counted === 'late') throw new Error(`no broker answered within ${BROKERS_TIMEOUT_MS} ms`);
      return counted.brokers.length;
    } catch (error) {
      this.#admin = null;
      void admin.disconnect().catch(() => undefined);
      throw error;
    } finally {
      timeout.abort();
    }
  }
}

function failureOf(error: unknown): string {
  if (isKafkaFailure(error)) return failureSentence(error);
  return error instanceof Error ? error.message : 'no broker answers';
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
