// The database, for commands that work on it and not through the API: the same in every mode, whether Barada runs or not.
import {
  borrowEmbeddedPostgres,
  CannotStartPostgres,
  hasEmbeddedData,
  openDatabases,
  type BorrowedPostgres,
  type Databases,
} from '#database';
import { PostgresEventLog, type EventLog } from '#event-log';
import type { Settings } from '#platform';
import { Failure } from './failure.js';

export type OpenDatabase = {
  readonly databases: Databases;
  readonly log: EventLog;
  readonly close: () => Promise<void>;
};

/** At DATABASE_URL, else the embedded one in BARADA_DIR. Fails with one sentence where there is none. */
export async function openDatabase({ databaseUrl, directory }: Settings): Promise<OpenDatabase> {
  if (databaseUrl !== null) return openAt(databaseUrl, () => Promise.resolve());
  if (!hasEmbeddedData(directory)) {
    throw new Failure(`There is no database in ${directory}: set BARADA_DIR to Barada's folder, or DATABASE_URL.`);
  }
  const postgres = await borrowed(directory);
  return openAt(postgres.url, () => postgres.giveBack());
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

async function borrowed(directory: string): Promise<BorrowedPostgres> {
  try {
    return await borrowEmbeddedPostgres(directory);
  } catch (error) {
    throw error instanceof CannotStartPostgres ? new Failure(error.message) : error;
  }
}
