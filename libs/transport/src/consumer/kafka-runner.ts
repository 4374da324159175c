// Keeps projections current from the topic, and shares the partitions with all processes that run them.
import type { Kafka } from 'kafkajs';
import type { Sql } from '#database';
import type { Instant } from '#domain';
import type { EventLog } from '#event-log';
import type { CounterSource, Runner } from '#platform';
import { FollowerRunner, readSent, type Projection } from '#projection';
import { AnomalyCounts } from './anomaly-counts.js';
import { consumerMetrics } from './consumer-metrics.js';
import { KafkaFollower, type KafkaFollowerState } from './kafka-follower.js';

export type KafkaRunnerParts = {
  readonly kafka: Kafka;
  readonly topic: string;
  /** For holes. */
  readonly log: EventLog;
  /** With the rights of the role that owns the projections' rows: `databases.analysis`. */
  readonly sql: Sql;
  readonly projections: readonly Projection[];
  readonly now: () => Instant;
  /** For the log line; failures are retried in any case. */
  readonly onFailure: (projection: string, error: unknown) => void;
};

export class KafkaRunner extends FollowerRunner<KafkaFollowerState> implements Runner {
  readonly isShared = true;
  readonly counts: ReadonlyMap<string, AnomalyCounts>;

  constructor({ projections, topic, sql, ...parts }: KafkaRunnerParts) {
    const counts = new Map(projections.map(({ name }) => [name, new AnomalyCounts()]));
    super(
      projections.map(
        (projection) =>
          new KafkaFollower({
            ...{ ...parts, projection, topic, sql },
            counts: counts.get(projection.name) ?? new AnomalyCounts(),
            sent: () => readSent(sql),
          }),
      ),
    );
    this.counts = counts;
  }

  get counters(): readonly CounterSource[] {
    return consumerMetrics(this.counts);
  }
}
