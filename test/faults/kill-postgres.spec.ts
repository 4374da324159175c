import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../support/seeded-random.js';
import { newFolder } from '../support/folder.js';
import { killPostgres } from './kill-postgres.js';
import { CLEAN } from './log-check.js';

// Each way to kill twice. `npm run faults` is the long form.
const KILLS = 8;
const PATIENCE_MS = 180_000;

describe('PostgreSQL that is killed under load', () => {
  it(
    'costs no acknowledged event, doubles none, tears no command apart, and nobody stands still afterwards',
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
        wedged: 0,
        unexpectedAnswers: [],
        differingProjections: [],
      });
      expect(killed.acknowledged).toBeGreaterThan(KILLS);
    },
    PATIENCE_MS,
  );
});
