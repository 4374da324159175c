// What consumers met, for Prometheus.
import type { CounterSource } from '#platform';
import { CONSUMER_ANOMALIES, type AnomalyCounts } from './anomaly-counts.js';

export function consumerMetrics(counts: ReadonlyMap<string, AnomalyCounts>): readonly CounterSource[] {
  return [...counts].flatMap(([follower, counted]) =>
    CONSUMER_ANOMALIES.map((what) => ({
      name: 'barada_consumer_met_total',
      help: 'What a consumer met and put right: duplicates, holes, strays, fenced batches, consumers made anew',
      labels: { follower, what },
      count: () => counted.of(what),
    })),
  );
}
