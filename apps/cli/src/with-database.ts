// Gives a command its database: DATABASE_URL, or the embedded PostgreSQL in BARADA_DIR, running or not.
import { resolve } from 'node:path';
import {
  acquireEmbeddedPostgres,
  CannotStartPostgres,
  closePool,
  DatabaseIsNewer,
  hasEmbeddedData,
  MigrationChanged,
  openPool,
  PostgresTooOld,
  type Sql,
} from '#database';
import { BackupDamaged, BackupRefused } from '#backup';
import { isConnectionFailure } from '#event-log';
import type { Settings } from '#platform';
import { Failure } from './failure.js';

export type WithDatabaseOptions = {
  /** Creates the embedded database where there is none. */
  readonly create?: boolean;
};

/** Calls `work` with the URL. An embedded PostgreSQL that had to be started is stopped afterwards. */
export async function withDatabase<T>(
  settings: Settings,
  { create = false }: WithDatabaseOptions,
  work: (url: string) => Promise<T>,
): Promise<T> {
  try {
    if (settings.databaseUrl !== null) return await work(settings.databaseUrl);
    if (!create && !hasDatabase(settings)) throw noDatabase(settings);
    const acquired = await acquireEmbeddedPostgres(settings.directory);
    try {
      return await work(acquired.url);
    } finally {
      await acquired.release();
    }
  } catch (error) {
    throw asFailure(error);
  }
}

export function noDatabase({ directory }: Settings): Failure {
  return new Failure(
    `There is no database in ${resolve(directory)}: set BARADA_DIR to the folder of the system, or DATABASE_URL.`,
  );
}

export function hasDatabase(settings: Settings): boolean {
  return settings.databaseUrl !== null || hasEmbeddedData(settings.directory);
}

// For statements that read or write a complete large table.
const STATEMENT_TIMEOUT_MS = 3_600_000;

/** One connection with the owner's rights and a long statement timeout. */
export async function asOwner<T>(url: string, name: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = openPool(url, {
    applicationName: `barada ${name}`,
    connections: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    return await work(sql);
  } finally {
    await closePool(sql);
  }
}

const EXPECTED_ERRORS = [
  BackupDamaged,
  BackupRefused,
  CannotStartPostgres,
  DatabaseIsNewer,
  MigrationChanged,
  PostgresTooOld,
];

/** Turns an expected error into a Failure, and returns any other error unchanged. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (EXPECTED_ERRORS.some((kind) => error instanceof kind)) return new Failure(error.message);
  if (codeOf(error) === UNDEFINED_TABLE) {
    return new Failure('The database schema is older than this version: run `npx barada migrate` first.');
  }
  if (isConnectionFailure(error)) {
    return new Failure(
      `The database does not answer (${error.message}): start it, or correct DATABASE_URL, and try again.`,
    );
  }
  return error;
}

const UNDEFINED_TABLE = '42P01';

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
