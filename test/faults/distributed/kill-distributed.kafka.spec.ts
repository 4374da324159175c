import { expect, it } from '@jest/globals';
import { SeededRandom } from '../../support/seeded-random.js';
import { newFolder } from '../../support/folder.js';
import { describeWithKafka } from '../../support/kafka.js';
import { CLEAN } from '../log-check.js';
import { killDistributed } from './kill-distributed.js';

// Each trouble once. `npm run faults -- distributed` is the long form.
const MINUTES = 0;
// Longer than a consumer may be silent before its partitions are another's.
const SLEEP_MS = 12_000;
const PATIENCE_MS = 600_000;

describeWithKafka('The distributed system, while all that can happen to it does', () => {
  it(
    'has every acknowledged report once, reads as a rebuild reads, and tells every alert in order',
    async () => {
      const { seed } = SeededRandom.forSpec('kill-the-distributed');
      const lines: string[] = [];
      const killing = { minutes: MINUTES, sleepMs: SLEEP_MS, seed, folder: await newFolder('faults') };
      const { acknowledged, alerts, done, met, ...faults } = await killDistributed(killing, (line) => {
        lines.push(line);
      });
      process.stdout.write(`${lines.join('\n')}\nmet: ${JSON.stringify(met)}\n`);
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
      expect(Object.keys(done).sort()).toEqual([
        'broker',
        'cut kafka',
        'cut postgres',
        'kill',
        'lose',
        'repeat',
        'sleep',
      ]);
      expect([met['hole'], met['duplicate']].map((count = 0) => count > 0)).toEqual([true, true]);
    },
    PATIENCE_MS,
  );
});
