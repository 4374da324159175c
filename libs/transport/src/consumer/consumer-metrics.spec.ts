import { describe, expect, it } from '@jest/globals';
import { consumerMetrics } from './consumer-metrics.js';
import { AnomalyCounts, CONSUMER_ANOMALIES } from './anomaly-counts.js';

describe('consumerMetrics', () => {
  it('has a counter for each follower and kind, also at 0, read at the time of the scrape', () => {
    const [facts, alerts] = [new AnomalyCounts(), new AnomalyCounts()];
    const counted = consumerMetrics(new Map(Object.entries({ facts, alerts })));
    facts.add('hole', 3);
    alerts.add('duplicate');
    const read = counted.map(({ labels, count }) => [labels['follower'], labels['kind'], count()] as const);
    expect(read).toHaveLength(CONSUMER_ANOMALIES.length * 2);
    expect(read.filter(([, , count]) => count > 0)).toEqual([
      ['facts', 'hole', 3],
      ['alerts', 'duplicate', 1],
    ]);
  });
});
