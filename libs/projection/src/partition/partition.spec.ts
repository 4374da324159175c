import { describe, expect, it } from '@jest/globals';
import { Partitioners } from 'kafkajs';
import { partitionOf } from './partition.js';

const KEYS = ['', 'a', 'ab', 'abc', 'SY0307', 'wadi-barada', 'عين الفيجة', '01941b7e-8a00-7000-8000-000000000001'];

describe('partitionOf', () => {
  it.each([1, 2, 6, 12, 50])('is the one that Kafka’s default partitioner chooses among %d', (partitions) => {
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
      ...{ partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] },
    }));
    const choose = Partitioners.DefaultPartitioner();
    for (const key of KEYS.filter((text) => text !== '')) {
      const chosen = choose({ topic: 't', partitionMetadata, message: { key, value: null } });
      expect([key, partitionOf(key, partitions)]).toEqual([key, chosen]);
    }
  });

  it('always returns an existing partition', () => {
    for (const key of KEYS) expect(partitionOf(key, 3)).toBeLessThan(3);
  });
});
