import { expect, it } from '@jest/globals';
import { SeededRandom } from '../../support/seeded-random.js';
import { newFolder } from '../../support/folder.js';
import { describeWithKafka } from '../../support/kafka.js';
import { CLEAN } from '../log-check.js';
import { killDistributed } from './kill-distributed.js';

// Each fault once. `npm run faults -- distributed` is the long form.
const MINUTES = 0;
// Longer than a consumer's session timeout, after which its partitions move to another.
const SLEEP_MS = 12_000;
const TIMEOUT_MS = 600_000;

describeWithKafka('The distributed system under every injected fault', () => {
  it(
    'has every acknowledged report once, has read models equal to a rebuild, and delivers every alert in order',
    async () => {
      const { seed } = SeededRandom.forSpec('kill-distributed');
      const lines: string[] = [];
      const killing = { minutes: MINUTES, sleepMs: SLEEP_MS, seed, folder: await newFolder('faults') };
      const { acknowledged, alerts, injected, consumerCounts, ...faults } = await killDistributed(killing, (line) => {
        lines.push(line);
      });
      process.stdout.write(`${lines.join('\n')}\nconsumers: ${JSON.stringify(consumerCounts)}\n`);
      expect(faults).toEqual({
        ...CLEAN,
        ...{
          answeredDifferently: 0,
          unexpectedAnswers: [],
          differingProjections: [],
          undelivered: 0,
          unstreamed: 0,
          outOfOrder: 0,
          badExits: 0,
        },
      });
      expect([acknowledged, alerts].map((count) => count > 10)).toEqual([true, true]);
      expect(Object.keys(injected).sort()).toEqual([
        'broker',
        'kill',
        'lose',
        'repeat',
        'reset kafka',
        'reset postgres',
        'sleep',
      ]);
      expect([consumerCounts['hole'], consumerCounts['duplicate']].map((count = 0) => count > 0)).toEqual([true, true]);
    },
    TIMEOUT_MS,
  );
});
