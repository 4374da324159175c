// Database, log and checkpoints of a process: opened before Nest starts, closed after it has stopped.
import { Logger } from '@nestjs/common';
import { openDatabases, type Databases, type LogAccess } from '#database';
import { PostgresConfidentialReader, PostgresEventLog, type ConfidentialReader, type EventLog } from '#event-log';
import { KeyParked, PostgresCheckpoints, ProjectionRunner, type Checkpoints, type Projection } from '#projection';
import type { TokenVerifier } from './auth/token-verifier.js';
import { SystemClock, type Clock } from './clock.js';
import type { Runner } from './followers.js';
import { Pseudonyms } from './secret/pseudonyms.js';
import type { Settings } from './settings/settings.js';
import { withTraceContext } from './logging/trace-context.js';

/** Everything that PlatformModule needs from the composition of an app. */
export type Foundations = {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly databases: Databases;
  readonly log: EventLog;
  readonly confidential: ConfidentialReader;
  readonly checkpoints: Checkpoints;
  /** Omitted in processes that take no commands: without the secret they cannot link reports to a monitor. */
  readonly pseudonyms?: Pseudonyms;
  readonly tokens: TokenVerifier;
  /** Runs the projections in this process; omitted if another process does. */
  readonly runner?: (projections: readonly Projection[]) => Runner;
};

export type OpenFoundations = Foundations & { readonly close: () => Promise<void> };

/** What a runner is built from. */
export type RunnerDependencies = Pick<Foundations, 'settings' | 'clock' | 'databases' | 'log'> & {
  readonly checkpoints: PostgresCheckpoints;
};

/** Builds the runner of the projections: one that reads the log, or one that consumes Kafka. */
export type RunnerFactory = (ground: RunnerDependencies) => NonNullable<Foundations['runner']>;

export type FoundationOptions = {
  readonly tokens: TokenVerifier;
  /** The key of the pseudonyms; omitted in processes that take no commands. */
  readonly secret?: Buffer | null;
  /** Omitted if another process runs the projections. */
  readonly runner?: RunnerFactory;
  /** Shown as `application_name` in pg_stat_activity. */
  readonly name?: string;
  /** What the database connections may do with the log. Default: `intake`. */
  readonly access?: LogAccess;
};

/** Expects a migrated database. */
export function openFoundations(settings: Settings, databaseUrl: string, options: FoundationOptions): OpenFoundations {
  const { tokens, secret = null, runner, name, access = 'intake' } = options;
  const databases = openDatabases(databaseUrl, {
    access,
    ...(name === undefined ? {} : { applicationName: `barada ${name}` }),
  });
  const log = new PostgresEventLog(databases);
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const dependencies = { settings, clock: new SystemClock(), databases, log, checkpoints };
  const close = async (): Promise<void> => {
    await log.close();
    await databases.close();
  };
  return {
    ...dependencies,
    confidential: new PostgresConfidentialReader(databases),
    tokens,
    close,
    ...(secret === null ? {} : { pseudonyms: new Pseudonyms(secret) }),
    ...(runner === undefined ? {} : { runner: runner(dependencies) }),
  };
}

/** Runs all projections in this process; each reads the log independently. */
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

/** Logs a failure; one about a single event carries the trace context of that event. */
export function logProjectionFailure(projection: string, error: unknown): void {
  withTraceContext(error instanceof KeyParked ? error.meta : null, () => {
    new Logger(projection).error(error);
  });
}
