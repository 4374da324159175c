// Opens the database for commands that do not use the API, in every mode, whether Barada is running or not.
import { acquireEmbeddedPostgres, openDatabases, type Databases } from '#database';
import { PostgresEventLog, type EventLog } from '#event-log';
import type { Settings } from '#platform';
import type { Output } from './progress.js';
import { settings } from './settings.js';
import { asFailure, hasDatabase, noDatabase } from './with-database.js';

export type OpenDatabase = {
  readonly databases: Databases;
  readonly log: EventLog;
  readonly close: () => Promise<void>;
};

/** Dependencies of a command that works on the database; tests replace them. */
export type DatabaseCommandOptions = {
  readonly settings: () => Settings;
  readonly open: (settings: Settings) => Promise<OpenDatabase>;
  readonly out: Output;
};

/** DATABASE_URL, or the embedded database in BARADA_DIR. Throws Failure where there is none. */
export async function openDatabase(settings: Settings): Promise<OpenDatabase> {
  if (settings.databaseUrl !== null) return openAt(settings.databaseUrl, () => Promise.resolve());
  if (!hasDatabase(settings)) throw noDatabase(settings);
  try {
    const postgres = await acquireEmbeddedPostgres(settings.directory);
    return openAt(postgres.url, () => postgres.release());
  } catch (error) {
    throw asFailure(error);
  }
}

function openAt(url: string, giveBack: () => Promise<void>): OpenDatabase {
  const databases = openDatabases(url, { applicationName: 'barada cli' });
  const log = new PostgresEventLog(databases);
  const close = async (): Promise<void> => {
    await log.close();
    await databases.close();
    await giveBack();
  };
  return { databases, log, close };
}

export const DATABASE_COMMAND: DatabaseCommandOptions = { settings, open: openDatabase, out: process.stdout };
