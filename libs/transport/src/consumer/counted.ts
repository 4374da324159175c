// What consumers met, for Prometheus.
import type { Counted } from '#platform';
import { MET, type Counts, type Met } from './counts.js';

const METRICS: Readonly<Record<Met, readonly [name: string, help: string]>> = {
  duplicate: ['barada_consumer_duplicates_total', 'Messages that told nothing new, and were dropped'],
  hole: ['barada_consumer_holes_total', 'Events that the topic did not bring, and that were read from the log'],
  stray: ['barada_consumer_strays_total', 'Messages that were not of their partition, or none of ours'],
  recreated: ['barada_consumer_recreated_total', 'Consumers that made no headway, and were made anew'],
  fenced: ['barada_consumer_fenced_total', 'Batches that were not written, since another owned the partition'],
};

export function consumerCounted(counts: ReadonlyMap<string, Counts>): readonly Counted[] {
  return MET.flatMap((met) =>
    [...counts].map(([follower, counted]) => {
      const [name, help] = METRICS[met];
      return { name, help, labels: { follower }, count: () => counted.of(met) };
    }),
  );
}
