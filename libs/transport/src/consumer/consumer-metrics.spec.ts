import { describe, expect, it } from '@jest/globals';
import { consumerMetrics } from './consumer-metrics.js';
import { AnomalyCounts, CONSUMER_ANOMALIES } from './anomaly-counts.js';

describe('what consumers met', () => {
  it('is told for each follower, also where it has not happened, and as it stands when it is asked for', () => {
    const [facts, alerts] = [new AnomalyCounts(), new AnomalyCounts()];
    const counted = consumerMetrics(new Map(Object.entries({ facts, alerts })));
    facts.add('hole', 3);
    alerts.add('duplicate');
    const told = counted.map(({ labels, count }) => [labels['follower'], labels['what'], count()] as const);
    expect(told).toHaveLength(CONSUMER_ANOMALIES.length * 2);
    expect(told.filter(([, , count]) => count > 0)).toEqual([
      ['facts', 'hole', 3],
      ['alerts', 'duplicate', 1],
    ]);
  });
});
