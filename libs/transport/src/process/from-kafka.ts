// Runs the projections of a process from the topic, sharing the work with other processes.
import { logProjectionFailure, type RunnerDependencies, type Runner } from '#platform';
import type { Projection } from '#projection';
import { plainFailure } from '../kafka/failure.js';
import { KafkaRunner } from '../consumer/kafka-runner.js';
import { kafkaClientFor } from './kafka-client-for.js';

/** As a composition hands it to `startApp`: `runner: fromKafka`. */
export function fromKafka(ground: RunnerDependencies): (projections: readonly Projection[]) => Runner {
  const { settings, databases, log, clock } = ground;
  return (projections) =>
    new KafkaRunner({
      kafka: kafkaClientFor(settings),
      topic: settings.kafka.topic,
      log,
      sql: databases.analysis,
      projections,
      now: () => clock.now(),
      onFailure: (projection, error) => {
        logProjectionFailure(projection, plainFailure(error));
      },
    });
}
