import { describe, expect, it } from '@jest/globals';
import { consumerCounted } from './counted.js';
import { Counts, MET } from './counts.js';

describe('what consumers met', () => {
  it('is told for each follower, also where it has not happened, and as it stands when it is asked for', () => {
    const [facts, alerts] = [new Counts(), new Counts()];
    const counted = consumerCounted(new Map(Object.entries({ facts, alerts })));
    facts.add('hole', 3);
    alerts.add('duplicate');
    const told = counted.map(({ labels, count }) => [labels['follower'], labels['what'], count()] as const);
    expect(told).toHaveLength(MET.length * 2);
    expect(told.filter(([, , count]) => count > 0)).toEqual([
      ['facts', 'hole', 3],
      ['alerts', 'duplicate', 1],
    ]);
  });
});
