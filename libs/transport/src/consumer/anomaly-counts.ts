// What a consumer met and put right, for the metrics and for whoever wants to see that it happens.

/**
 * - `duplicate`: messages that told nothing new;
 * - `hole`: events that the topic did not bring, and that were read from the log instead;
 * - `stray`: messages in a partition that is not their key's any more;
 * - `recreated`: consumers that made no headway and were made anew;
 * - `fenced`: batches that were not written, since another owned the partition.
 */
export type ConsumerAnomaly = 'duplicate' | 'hole' | 'stray' | 'recreated' | 'fenced';

export const CONSUMER_ANOMALIES = [
  'duplicate',
  'hole',
  'stray',
  'recreated',
  'fenced',
] as const satisfies readonly ConsumerAnomaly[];

export class AnomalyCounts {
  readonly #counts = new Map<ConsumerAnomaly, number>();

  add(met: ConsumerAnomaly, count = 1): void {
    this.#counts.set(met, this.of(met) + count);
  }

  /** Since the process began. */
  of(met: ConsumerAnomaly): number {
    return this.#counts.get(met) ?? 0;
  }
}
