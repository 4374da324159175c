// The database, for commands that work on it and not through the API: the same in every mode, whether Barada runs or not.
import { acquireEmbeddedPostgres, openDatabases, type Databases } from '#database';
import { PostgresEventLog, type EventLog } from '#event-log';
import type { Settings } from '#platform';
import { asFailure, hasDatabase, noDatabase } from './with-database.js';

export type OpenDatabase = {
  readonly databases: Databases;
  readonly log: EventLog;
  readonly close: () => Promise<void>;
};

/** At DATABASE_URL, else the embedded one in BARADA_DIR. Fails with one sentence where there is none. */
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
