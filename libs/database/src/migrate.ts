// Migrates a database to the schema that this release needs.
import type { Sql } from 'postgres';
import {
  addAdditiveColumn,
  createMigrationsTable,
  readApplied,
  readSchemaRights,
  readServerVersion,
  recordMigration,
  runFile,
  takeMigrationLock,
  type AppliedMigration,
} from './migrate.sql.js';
import { readMigrations, type Migration } from './migrations.js';
import { closePool, openPool } from './pool.js';
import { inTransaction } from './transaction.js';

/** A newer release has migrated this database. Start that release, or restore a backup. */
export class DatabaseIsNewer extends Error {
  override readonly name = 'DatabaseIsNewer';
  constructor(migration: string) {
    super(
      `This database was made by a newer version of Barada (it has ${migration}): start that version or a newer one.`,
    );
  }
}

/** The file of a migration was changed after the migration was run. */
export class MigrationChanged extends Error {
  override readonly name = 'MigrationChanged';
  constructor(migration: string) {
    super(
      `The migration ${migration} was changed after this database had run it: restore the file and write a new migration.`,
    );
  }
}

/** The schema is older than this release, and the user of this process may not migrate it. */
export class SchemaOutdated extends Error {
  override readonly name = 'SchemaOutdated';
  constructor() {
    super('The database schema is older than this version: run "barada migrate".');
  }
}

export class PostgresTooOld extends Error {
  override readonly name = 'PostgresTooOld';
  constructor(version: string) {
    super(`Barada needs PostgreSQL 15 or newer, and this server is ${version}.`);
  }
}

const OLDEST_SERVER = 150_000;
// A migration may rewrite a big table while another process waits for it.
const MIGRATION_TIMEOUT_MS = 3_600_000;

/**
 * Runs the migrations that this database has not run yet, as the URL's user, who becomes the owner of the tables. Each
 * file is one transaction; two processes may do this at the same time. Returns the names of those that were run.
 */
export async function migrate(url: string, migrations?: readonly Migration[]): Promise<readonly string[]> {
  const known = migrations ?? (await readMigrations());
  const sql = openPool(url, {
    applicationName: 'barada migrate',
    connections: 1,
    statementTimeoutMs: MIGRATION_TIMEOUT_MS,
    lockTimeoutMs: MIGRATION_TIMEOUT_MS,
  });
  try {
    await refuseOldServer(sql);
    await makeTable(sql);
    refuseUnknownMigrations(await readApplied(sql), known);
    const ran: string[] = [];
    for (const migration of known) if (await run(sql, migration)) ran.push(migration.name);
    return ran;
  } finally {
    await closePool(sql);
  }
}

/**
 * For a process that starts. If the URL's user owns the schema, or there is none yet and the user may create it, runs the
 * migrations. Else only checks that the schema is that of this release; throws SchemaOutdated or DatabaseIsNewer if not.
 */
export async function prepareSchema(url: string, migrations?: readonly Migration[]): Promise<readonly string[]> {
  const known = migrations ?? (await readMigrations());
  const sql = openPool(url, { applicationName: 'barada start', connections: 1 });
  try {
    const schema = await readSchemaRights(sql);
    if (schema.mayMigrate) return await migrate(url, known);
    if (!schema.mayRead) throw new SchemaOutdated();
    const applied = await readApplied(sql);
    refuseUnknownMigrations(applied, known);
    if (known.some(({ number }) => !applied.some((each) => each.number === number))) throw new SchemaOutdated();
    return [];
  } finally {
    await closePool(sql);
  }
}

async function refuseOldServer(sql: Sql): Promise<void> {
  const server = await readServerVersion(sql);
  if (server && server.number < OLDEST_SERVER) throw new PostgresTooOld(server.version);
}

function makeTable(sql: Sql): Promise<void> {
  return withMigrationLock(sql, async (session) => {
    await createMigrationsTable(session);
    await addAdditiveColumn(session);
  });
}

function refuseUnknownMigrations(applied: readonly AppliedMigration[], known: readonly Migration[]): void {
  for (const { number, name, digest, additive } of applied) {
    const migration = known.find((candidate) => candidate.number === number);
    if (!migration) {
      if (additive) continue; // a newer release has run it, and this one works on its schema
      throw new DatabaseIsNewer(name);
    }
    if (migration.digest !== digest) throw new MigrationChanged(name);
  }
}

/** False if it was run before, perhaps just now by another process. */
function run(sql: Sql, migration: Migration): Promise<boolean> {
  return withMigrationLock(sql, async (session) => {
    if (!(await recordMigration(session, migration))) return false;
    await runFile(session, migration.sql);
    return true;
  });
}

function withMigrationLock<T>(sql: Sql, work: (session: Sql) => Promise<T>): Promise<T> {
  return inTransaction(sql, async (session) => {
    await takeMigrationLock(session);
    return work(session);
  });
}
