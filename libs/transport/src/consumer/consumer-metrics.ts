// The consumers' anomaly counters, for Prometheus.
import type { CounterSource } from '#platform';
import { CONSUMER_ANOMALIES, type AnomalyCounts } from './anomaly-counts.js';

export function consumerMetrics(counts: ReadonlyMap<string, AnomalyCounts>): readonly CounterSource[] {
  return [...counts].flatMap(([follower, counted]) =>
    CONSUMER_ANOMALIES.map((kind) => ({
      name: 'barada_consumer_anomalies_total',
      help: 'Anomalies that a consumer has detected and corrected: duplicates, holes, strays, messages of another log, fenced batches, recreated consumers',
      labels: { follower, kind },
      count: () => counted.of(kind),
    })),
  );
}
