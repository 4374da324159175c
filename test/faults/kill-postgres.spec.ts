import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../support/seeded-random.js';
import { newFolder } from '../support/folder.js';
import { killPostgres } from './kill-postgres.js';
import { CLEAN } from './log-check.js';

// Each method twice. `npm run faults` is the long form.
const KILLS = 8;
const TIMEOUT_MS = 180_000;

describe('PostgreSQL that is killed under load', () => {
  it(
    'loses no acknowledged event, duplicates none, splits no command, and every writer and follower recovers',
    async () => {
      const { seed } = SeededRandom.forSpec('kill-postgres');
      const lines: string[] = [];
      const killed = await killPostgres({ kills: KILLS, seed, folder: await newFolder('faults') }, (line) =>
        lines.push(line),
      );
      expect(lines).toHaveLength(KILLS);
      expect(killed).toEqual({
        ...CLEAN,
        kills: KILLS,
        acknowledged: killed.acknowledged,
        stalled: 0,
        unexpectedAnswers: [],
        differingProjections: [],
      });
      expect(killed.acknowledged).toBeGreaterThan(KILLS);
    },
    TIMEOUT_MS,
  );
});
