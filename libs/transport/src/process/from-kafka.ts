// Runs the projections of a process from the topic, sharing the work with other processes.
import { Logger } from '@nestjs/common';
import type { Ground, Runner } from '#platform';
import type { Projection } from '#projection';
import { MET, type Counts } from '../consumer/counts.js';
import { KafkaRunner } from '../consumer/kafka-runner.js';
import { clientOf } from './client-of.js';
import { figures, type Sample } from './figures.js';

/** As a composition hands it to `startApp`: `runner: fromKafka`. */
export function fromKafka(ground: Ground): (projections: readonly Projection[]) => Runner {
  const { settings, databases, log, clock } = ground;
  return (projections) => {
    const runner = new KafkaRunner({
      kafka: clientOf(settings),
      topic: settings.kafka.topic,
      log,
      sql: databases.analysis,
      projections,
      now: () => clock.now(),
      onFailure: (projection, error) => {
        new Logger(projection).error(error);
      },
    });
    return {
      start: () => {
        runner.start();
      },
      stop: () => runner.stop(),
      get states() {
        return runner.states;
      },
      isShared: true,
      measure: figuresOf(runner),
    };
  };
}

function figuresOf(runner: KafkaRunner): NonNullable<Runner['measure']> {
  return figures([
    {
      name: 'barada_consumer_met_total',
      help: 'What a consumer met and put right: duplicates, holes, strays, fenced batches, consumers made anew',
      kind: 'counter',
      look: () => [...runner.counts].flatMap(([follower, counts]) => metBy(follower, counts)),
    },
    {
      name: 'barada_consumer_partitions',
      help: 'How many partitions this process has in hand',
      kind: 'gauge',
      look: () =>
        runner.states.map(({ projection: follower, partitions }) => ({
          labels: { follower },
          value: partitions.length,
        })),
    },
  ]);
}

function metBy(follower: string, counts: Counts): readonly Sample[] {
  return MET.map((what) => ({ labels: { follower, what }, value: counts.of(what) }));
}
