// Finds partitions that have not received for too long what was sent to them.
import type { Position } from '#event-log';

/** After this time without progress, a partition with lag is read from the log. */
export const OVERDUE_MS = 5_000;

type Waiting = { readonly position: Position; readonly since: number };

export class PartitionLag {
  readonly #waiting = new Map<number, Waiting>();

  /** True if the partition has been at its position for `OVERDUE_MS` although more was sent. `now` in ms, of any clock. */
  isOverdue(
    { partition, position }: { readonly partition: number; readonly position: Position },
    sent: Position,
    now: number,
  ): boolean {
    if (position >= sent) {
      this.#waiting.delete(partition);
      return false;
    }
    const waiting = this.#waiting.get(partition);
    if (waiting?.position === position) return now - waiting.since >= OVERDUE_MS;
    this.#waiting.set(partition, { position, since: now });
    return false;
  }

  forget(): void {
    this.#waiting.clear();
  }
}
