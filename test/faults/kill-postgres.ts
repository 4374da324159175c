// Kills PostgreSQL and its backends at random moments while a log and its followers are under load.
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
/** A writer or follower without progress for this long is stalled. */
const TIMEOUT_MS = 60_000;

export type PostgresKillResult = LogCheck & {
  readonly kills: number;
  /** Kills after which a writer or a follower stalled. */
  readonly stalled: number;
  /** Errors that no client should ever see. */
  readonly unexpectedAnswers: readonly string[];
  /** Projections whose rows differ from a rebuild. */
  readonly differingProjections: readonly string[];
};

export type KillOptions = { readonly kills: number; readonly seed: number; readonly folder: string };

/** `print` gets a line per round. */
export async function killPostgres(
  { kills, seed, folder }: KillOptions,
  print: (line: string) => void,
): Promise<PostgresKillResult> {
  const random = new SeededRandom(seed);
  const postgres = await DisposablePostgres.start(folder);
  const databases = openDatabases(postgres.url, { applicationName: APPLICATION, connections: 4 });
  const log = new PostgresEventLog(databases);
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const projections = [new FactsProjection(), new AlertsProjection(ALERT_HORIZON_DAYS)];
  const onFailure = (): void => undefined; // the runner retries, which is what this tests
  const parts = { log, sql: databases.analysis, projections, checkpoints, onFailure };
  const runner = new ProjectionRunner({ ...parts, now: () => new Date().toISOString() });
  runner.start();
  const writers = new Writers(log, seed, WRITERS);
  let stalledRounds = 0;
  try {
    for (let round = 1; round <= kills; round += 1) {
      const way: WayToKill = WAYS_TO_KILL[(round - 1) % WAYS_TO_KILL.length] ?? 'end one backend';
      await sleep(random.between(0, CALM_MS_MAX));
      await postgres.kill(way, random);
      const startedAt = performance.now();
      const stalled = await findStalled(writers, async () => {
        const { position } = await log.head();
        for (const { name } of projections) {
          if (!(await checkpoints.isReached(name, position, TIMEOUT_MS))) throw new Error(`${name} makes no progress`);
        }
      });
      if (stalled !== null) stalledRounds += 1;
      const state = stalled ?? `all recovered after ${Math.round(performance.now() - startedAt)} ms`;
      print(`kill ${round}: ${way}; ${state}; ${writers.acknowledged.length} acknowledged`);
    }
    await writers.stop(TIMEOUT_MS);
    await eventually(async () => {
      const { position } = await log.head();
      if (!(await checkpoints.isReached('facts', position, TIMEOUT_MS))) throw new Error('facts makes no progress');
      if (!(await checkpoints.isReached('alerts', position, TIMEOUT_MS))) throw new Error('alerts makes no progress');
    }, TIMEOUT_MS);
    await runner.stop();
    const check = await postgres.asOwner((sql) => verifyLog(sql, writers.acknowledged));
    const differingProjections = await projectionsDifferingFromLog(projections, { log, databases });
    return {
      ...check,
      kills,
      stalled: stalledRounds,
      unexpectedAnswers: [...writers.unexpectedAnswers],
      differingProjections,
    };
  } finally {
    await runner.stop();
    await log.close();
    await databases.close();
    await postgres.stop();
  }
}

/** Null once every writer has finished a command that it started after this call, and the followers have caught up. */
async function findStalled(writers: Writers, followersCaughtUp: () => Promise<void>): Promise<string | null> {
  const before = [...writers.done];
  try {
    await eventually(() => {
      // Two, because the first may have been answered before the kill.
      const stalled = writers.done.findIndex((done, writer) => done < (before[writer] ?? 0) + 2);
      if (stalled !== -1) throw new Error(`writer ${stalled} makes no progress`);
    }, TIMEOUT_MS);
    await eventually(followersCaughtUp, TIMEOUT_MS);
    return null;
  } catch (error) {
    return `STALLED: ${error instanceof Error ? error.message : String(error)}`;
  }
}
