// Counts what a consumer has detected and corrected.

/**
 * - `duplicate`: messages with an event that was folded before;
 * - `hole`: events that did not arrive through the topic and were read from the log instead;
 * - `stray`: messages in a partition to which their key no longer belongs, and messages that are not ours;
 * - `foreign`: messages of another log, of another generation, or with an event that our log does not have;
 * - `recreated`: consumers that made no progress and were replaced;
 * - `fenced`: batches that were not written because another process owned the partition.
 */
export type ConsumerAnomaly = 'duplicate' | 'hole' | 'stray' | 'foreign' | 'recreated' | 'fenced';

export const CONSUMER_ANOMALIES = [
  'duplicate',
  'hole',
  'stray',
  'foreign',
  'recreated',
  'fenced',
] as const satisfies readonly ConsumerAnomaly[];

export class AnomalyCounts {
  readonly #counts = new Map<ConsumerAnomaly, number>();

  add(kind: ConsumerAnomaly, count = 1): void {
    this.#counts.set(kind, this.of(kind) + count);
  }

  /** Since the process started. */
  of(kind: ConsumerAnomaly): number {
    return this.#counts.get(kind) ?? 0;
  }
}
