// Kills PostgreSQL and its backends at random moments under a log and its followers that are hard at work.
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertsProjection } from '#alerting';
import { openDatabases } from '#database';
import { PostgresEventLog } from '#event-log';
import { PostgresCheckpoints, ProjectionRunner } from '#projection';
import { FactsProjection } from '#status';
import { SeededRandom } from '../support/seeded-random.js';
import { eventually } from '../support/eventually.js';
import { APPLICATION, DisposablePostgres, WAYS_TO_KILL, type WayToKill } from './disposable-postgres.js';
import { projectionsDifferingFromLog, verifyLog, type LogCheck } from './log-check.js';
import { Writers } from './writers.js';

const WRITERS = 12;
const CALM_MS_MAX = 400;
const ALERT_HORIZON_DAYS = 30_000;
/** Who has not got on by then is wedged. */
const PATIENCE_MS = 60_000;

export type PostgresKillResult = LogCheck & {
  readonly kills: number;
  /** Times that a writer or a follower did not go on after a kill. */
  readonly wedged: number;
  /** Answers that no client should ever get. */
  readonly unexpectedAnswers: readonly string[];
  /** Projections whose rows differ from a rebuild. */
  readonly differingProjections: readonly string[];
};

export type KillOptions = { readonly kills: number; readonly seed: number; readonly folder: string };

/** `say` gets a line a round. */
export async function killPostgres(
  { kills, seed, folder }: KillOptions,
  say: (line: string) => void,
): Promise<PostgresKillResult> {
  const random = new SeededRandom(seed);
  const postgres = await DisposablePostgres.start(folder);
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
      await sleep(random.between(0, CALM_MS_MAX));
      await postgres.kill(way, random);
      const startedAt = performance.now();
      const standing = await findStalled(writers, async () => {
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
    const check = await postgres.asOwner((sql) => verifyLog(sql, writers.acknowledged));
    const differingProjections = await projectionsDifferingFromLog(projections, { log, databases });
    return { ...check, kills, wedged, unexpectedAnswers: [...writers.unexpectedAnswers], differingProjections };
  } finally {
    await runner.stop();
    await log.close();
    await databases.close();
    await postgres.stop();
  }
}

/** Null once every writer has brought a command to an end that it began after this, and the followers are there. */
async function findStalled(writers: Writers, followersAreThere: () => Promise<void>): Promise<string | null> {
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
