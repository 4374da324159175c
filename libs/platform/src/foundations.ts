// The foundations on PostgreSQL: opened before Nest starts, closed after it has stopped.
import { Logger } from '@nestjs/common';
import { openDatabases, type Databases } from '#database';
import { PostgresConfidentialReader, PostgresEventLog, type ConfidentialReader, type EventLog } from '#event-log';
import { PostgresCheckpoints, ProjectionRunner, type Checkpoints, type Projection } from '#projection';
import type { Tokens } from './auth/tokens.js';
import { SystemClock, type Clock } from './clock.js';
import type { Runner } from './followers.js';
import { Pseudonyms } from './pseudonyms.js';
import { secretOf } from './secret.js';
import type { Settings } from './settings.js';

/** What a composition hands to PlatformModule. */
export type Foundations = {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly databases: Databases;
  readonly log: EventLog;
  readonly confidential: ConfidentialReader;
  readonly checkpoints: Checkpoints;
  readonly pseudonyms: Pseudonyms;
  readonly tokens: Tokens;
  /** Runs the projections in this process; left out where another one does. */
  readonly runner?: (projections: readonly Projection[]) => Runner;
};

export type OpenFoundations = Foundations & { readonly close: () => Promise<void> };

/** The database has been migrated. All projections run in this process. */
export async function openFoundations(
  settings: Settings,
  databaseUrl: string,
  tokens: Tokens,
): Promise<OpenFoundations> {
  const pseudonyms = new Pseudonyms(await secretOf(settings));
  const databases = openDatabases(databaseUrl);
  const log = new PostgresEventLog(databases);
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  const clock = new SystemClock();
  const runner = (projections: readonly Projection[]): Runner =>
    new ProjectionRunner({
      log,
      sql: databases.analysis,
      projections,
      checkpoints,
      now: () => clock.now(),
      onFailure: (projection, error) => {
        new Logger(projection).error(error);
      },
    });
  const close = async (): Promise<void> => {
    await log.close();
    await databases.close();
  };
  const confidential = new PostgresConfidentialReader(databases);
  return { settings, clock, databases, log, confidential, checkpoints, pseudonyms, tokens, runner, close };
}
