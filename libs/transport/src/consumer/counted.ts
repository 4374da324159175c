// What consumers met, for Prometheus.
import type { Counted } from '#platform';
import { MET, type Counts } from './counts.js';

export function consumerCounted(counts: ReadonlyMap<string, Counts>): readonly Counted[] {
  return [...counts].flatMap(([follower, counted]) =>
    MET.map((what) => ({
      name: 'barada_consumer_met_total',
      help: 'What a consumer met and put right: duplicates, holes, strays, fenced batches, consumers made anew',
      labels: { follower, what },
      count: () => counted.of(what),
    })),
  );
}
