// Kills PostgreSQL and its backends at random moments under a log and its followers that are hard at work.
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertsProjection } from '#alerting';
import { openDatabases } from '#database';
import { PostgresEventLog } from '#event-log';
import { PostgresCheckpoints, ProjectionRunner } from '#projection';
import { FactsProjection } from '#status';
import { Chance } from '../support/chance.js';
import { eventually } from '../support/eventually.js';
import { APPLICATION, OwnPostgres, WAYS_TO_KILL, type WayToKill } from './own-postgres.js';
import { unlikeTheLog, verdictOn, type Verdict } from './verdict.js';
import { Writers } from './writers.js';

const WRITERS = 12;
const CALM_MS_MAX = 400;
const ALERT_HORIZON_DAYS = 30_000;
/** Who has not got on by then is wedged. */
const PATIENCE_MS = 60_000;

export type Killed = Verdict & {
  readonly kills: number;
  /** Times that a writer or a follower did not go on after a kill. */
  readonly wedged: number;
  /** Answers that no client should ever get. */
  readonly surprises: readonly string[];
  /** Projections whose rows differ from a rebuild. */
  readonly unlike: readonly string[];
};

export type Killing = { readonly kills: number; readonly seed: number; readonly folder: string };

/** `say` gets a line a round. */
export async function killPostgres({ kills, seed, folder }: Killing, say: (line: string) => void): Promise<Killed> {
  const chance = new Chance(seed);
  const postgres = await OwnPostgres.start(folder);
  const databases = openDatabases(postgres.url, { applicationName: APPLICATION, connections: 4 });
  const log = new PostgresEventLog(databases);
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const projections = [new FactsProjection(), new AlertsProjection(ALERT_HORIZON_DAYS)];
  const onFailure = (): void => undefined; // it is tried again, which is what we are here to see
  const parts = { log, sql: databases.analysis, projections, checkpoints, onFailure };
  const runner = new ProjectionRunner({ ...parts, now: () => new Date().toISOString() });
  runner.start();
  const writers = new Writers(log, seed, WRITERS);
  let wedged = 0;
  try {
    for (let round = 1; round <= kills; round += 1) {
      const way: WayToKill = WAYS_TO_KILL[(round - 1) % WAYS_TO_KILL.length] ?? 'end one backend';
      await sleep(chance.between(0, CALM_MS_MAX));
      await postgres.kill(way, chance);
      const startedAt = performance.now();
      const standing = await whoStandsStill(writers, async () => {
        const { position } = await log.head();
        for (const { name } of projections) {
          if (!(await checkpoints.isReached(name, position, PATIENCE_MS))) throw new Error(`${name} stands still`);
        }
      });
      if (standing !== null) wedged += 1;
      const state = standing ?? `all go on after ${Math.round(performance.now() - startedAt)} ms`;
      say(`kill ${round}: ${way}; ${state}; ${writers.acknowledged.length} acknowledged`);
    }
    await writers.stop(PATIENCE_MS);
    await eventually(async () => {
      const { position } = await log.head();
      if (!(await checkpoints.isReached('facts', position, PATIENCE_MS))) throw new Error('the facts stand still');
      if (!(await checkpoints.isReached('alerts', position, PATIENCE_MS))) throw new Error('the alerts stand still');
    }, PATIENCE_MS);
    await runner.stop();
    const verdict = await postgres.asOwner((sql) => verdictOn(sql, writers.acknowledged));
    const unlike = await unlikeTheLog(projections, { log, databases });
    return { ...verdict, kills, wedged, surprises: [...writers.surprises], unlike };
  } finally {
    await runner.stop();
    await log.close();
    await databases.close();
    await postgres.stop();
  }
}

/** Null once every writer has brought a command to an end that it began after this, and the followers are there. */
async function whoStandsStill(writers: Writers, followersAreThere: () => Promise<void>): Promise<string | null> {
  const before = [...writers.done];
  try {
    await eventually(() => {
      // Two, for the first may have been answered before the kill.
      const standing = writers.done.findIndex((done, writer) => done < (before[writer] ?? 0) + 2);
      if (standing !== -1) throw new Error(`writer ${standing} stands still`);
    }, PATIENCE_MS);
    await eventually(followersAreThere, PATIENCE_MS);
    return null;
  } catch (error) {
    return `WEDGED: ${error instanceof Error ? error.message : String(error)}`;
  }
}
