import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../support/seeded-random.js';
import { newFolder } from '../support/folder.js';
import { killStandalone } from './kill-standalone.js';
import { CLEAN } from './log-check.js';

// The third kill includes PostgreSQL. `npm run faults` is the long form.
const KILLS = 3;
const TIMEOUT_MS = 300_000;

describe('The standalone app, killed while reports stream in', () => {
  it(
    'has every acknowledged report once after its restart, logs the recovery, and has read models equal to a rebuild',
    async () => {
      const { seed } = SeededRandom.forSpec('kill-standalone');
      const lines: string[] = [];
      const killing = { kills: KILLS, seed, folder: await newFolder('faults') };
      const killed = await killStandalone(killing, (line) => lines.push(line));
      expect(lines).toHaveLength(KILLS);
      expect(killed).toEqual({
        ...CLEAN,
        kills: KILLS,
        acknowledged: killed.acknowledged,
        answeredDifferently: 0,
        silentStarts: 0,
        differingProjections: [],
        sameStatus: true,
      });
      expect(killed.acknowledged).toBeGreaterThan(KILLS);
    },
    TIMEOUT_MS,
  );
});
