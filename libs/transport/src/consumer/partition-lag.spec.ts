import { describe, expect, it } from '@jest/globals';
import { PartitionLag, OVERDUE_MS } from './partition-lag.js';

const PARTITION = 2;

describe('The arrears of a partition', () => {
  const at = (position: number) => ({ partition: PARTITION, position });

  it('are overdue once it has stood still for the time allowed, and stay so until it moves', () => {
    const arrears = new PartitionLag();
    const answers = [0, OVERDUE_MS - 1, OVERDUE_MS, OVERDUE_MS + 1].map((now) => arrears.isOverdue(at(7), 9, now));
    expect(answers).toEqual([false, false, true, true]);
  });

  it('are waited for anew whenever it moves', () => {
    const arrears = new PartitionLag();
    arrears.isOverdue(at(7), 9, 0);
    expect(arrears.isOverdue(at(8), 9, OVERDUE_MS)).toBe(false);
    expect(arrears.isOverdue(at(8), 9, 2 * OVERDUE_MS)).toBe(true);
  });

  it('do not grow younger by what is sent meanwhile', () => {
    const arrears = new PartitionLag();
    arrears.isOverdue(at(7), 9, 0);
    expect(arrears.isOverdue(at(7), 12, OVERDUE_MS)).toBe(true);
  });

  it('do not exist where it has all that was sent, however long that was ago', () => {
    const arrears = new PartitionLag();
    arrears.isOverdue(at(9), 9, 0);
    expect(arrears.isOverdue(at(9), 9, 2 * OVERDUE_MS)).toBe(false);
    // The next ones are not late because the last ones came long ago.
    expect(arrears.isOverdue(at(9), 12, 2 * OVERDUE_MS)).toBe(false);
  });

  it('are its own', () => {
    const arrears = new PartitionLag();
    arrears.isOverdue(at(7), 9, 0);
    expect(arrears.isOverdue({ partition: PARTITION + 1, position: 7 }, 9, OVERDUE_MS)).toBe(false);
  });

  it('are forgotten with the partitions', () => {
    const arrears = new PartitionLag();
    arrears.isOverdue(at(7), 9, 0);
    arrears.forget();
    expect(arrears.isOverdue(at(7), 9, OVERDUE_MS)).toBe(false);
  });
});
