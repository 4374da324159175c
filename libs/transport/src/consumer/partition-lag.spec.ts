import { describe, expect, it } from '@jest/globals';
import { PartitionLag, OVERDUE_MS } from './partition-lag.js';

const PARTITION = 2;

describe('PartitionLag', () => {
  const at = (position: number) => ({ partition: PARTITION, position });

  it('is overdue after the time allowed without progress, until the partition moves', () => {
    const lag = new PartitionLag();
    const answers = [0, OVERDUE_MS - 1, OVERDUE_MS, OVERDUE_MS + 1].map((now) => lag.isOverdue(at(7), 9, now));
    expect(answers).toEqual([false, false, true, true]);
  });

  it('starts the time again whenever the partition moves', () => {
    const lag = new PartitionLag();
    lag.isOverdue(at(7), 9, 0);
    expect(lag.isOverdue(at(8), 9, OVERDUE_MS)).toBe(false);
    expect(lag.isOverdue(at(8), 9, 2 * OVERDUE_MS)).toBe(true);
  });

  it('does not start the time again when more is sent', () => {
    const lag = new PartitionLag();
    lag.isOverdue(at(7), 9, 0);
    expect(lag.isOverdue(at(7), 12, OVERDUE_MS)).toBe(true);
  });

  it('is not overdue without lag, however long ago the last message was sent', () => {
    const lag = new PartitionLag();
    lag.isOverdue(at(9), 9, 0);
    expect(lag.isOverdue(at(9), 9, 2 * OVERDUE_MS)).toBe(false);
    // New messages are not late because the previous ones are old.
    expect(lag.isOverdue(at(9), 12, 2 * OVERDUE_MS)).toBe(false);
  });

  it('is tracked for each partition', () => {
    const lag = new PartitionLag();
    lag.isOverdue(at(7), 9, 0);
    expect(lag.isOverdue({ partition: PARTITION + 1, position: 7 }, 9, OVERDUE_MS)).toBe(false);
  });

  it('is forgotten with the partitions', () => {
    const lag = new PartitionLag();
    lag.isOverdue(at(7), 9, 0);
    lag.forget();
    expect(lag.isOverdue(at(7), 9, OVERDUE_MS)).toBe(false);
  });
});
