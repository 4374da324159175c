// The foundations on PostgreSQL: opened before Nest starts, closed after it has stopped.
import { Logger } from '@nestjs/common';
import { openDatabases, type Databases } from '#database';
import { PostgresConfidentialReader, PostgresEventLog, type ConfidentialReader, type EventLog } from '#event-log';
import { KeyParked, PostgresCheckpoints, ProjectionRunner, type Checkpoints, type Projection } from '#projection';
import type { TokenVerifier } from './auth/token-verifier.js';
import { SystemClock, type Clock } from './clock.js';
import type { Runner } from './followers.js';
import { Pseudonyms } from './secret/pseudonyms.js';
import type { Settings } from './settings/settings.js';
import { withTraceContext } from './logging/trace-context.js';

/** What a composition hands to PlatformModule. */
export type Foundations = {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly databases: Databases;
  readonly log: EventLog;
  readonly confidential: ConfidentialReader;
  readonly checkpoints: Checkpoints;
  /** Left out where nobody acts: a process that does not have the secret cannot tell whose reports are whose. */
  readonly pseudonyms?: Pseudonyms;
  readonly tokens: TokenVerifier;
  /** Runs the projections in this process; left out where another one does. */
  readonly runner?: (projections: readonly Projection[]) => Runner;
};

export type OpenFoundations = Foundations & { readonly close: () => Promise<void> };

/** What a runner stands on. */
export type RunnerDependencies = Pick<Foundations, 'settings' | 'clock' | 'databases' | 'log'> & {
  readonly checkpoints: PostgresCheckpoints;
};

/** How the projections are run in this process: from the log, or by what is brought to it. */
export type RunnerFactory = (ground: RunnerDependencies) => NonNullable<Foundations['runner']>;

export type FoundationOptions = {
  readonly tokens: TokenVerifier;
  /** Keys the pseudonyms; left out where nobody acts. */
  readonly secret?: Buffer | null;
  /** Left out where another process runs the projections. */
  readonly runner?: RunnerFactory;
  /** What the database's list of sessions calls it. */
  readonly name?: string;
};

/** The database has been migrated. */
export function openFoundations(settings: Settings, databaseUrl: string, handed: FoundationOptions): OpenFoundations {
  const { tokens, secret = null, runner, name } = handed;
  const databases = openDatabases(databaseUrl, name === undefined ? {} : { applicationName: `barada ${name}` });
  const log = new PostgresEventLog(databases);
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const ground = { settings, clock: new SystemClock(), databases, log, checkpoints };
  const close = async (): Promise<void> => {
    await log.close();
    await databases.close();
  };
  return {
    ...ground,
    confidential: new PostgresConfidentialReader(databases),
    tokens,
    close,
    ...(secret === null ? {} : { pseudonyms: new Pseudonyms(secret) }),
    ...(runner === undefined ? {} : { runner: runner(ground) }),
  };
}

/** All projections run in this process, each following the log by itself. */
export function followLog({
  log,
  databases,
  checkpoints,
  clock,
}: RunnerDependencies): (projections: readonly Projection[]) => Runner {
  return (projections) =>
    new ProjectionRunner({
      log,
      sql: databases.analysis,
      projections,
      checkpoints,
      now: () => clock.now(),
      onFailure: logProjectionFailure,
    });
}

/** For the log: what is about one event carries its ids. */
export function logProjectionFailure(projection: string, error: unknown): void {
  withTraceContext(error instanceof KeyParked ? error.meta : null, () => {
    new Logger(projection).error(error);
  });
}
