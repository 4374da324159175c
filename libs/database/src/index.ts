// PostgreSQL: start it, connect to it, migrate its schema.
export { arrayText } from './arrays.js';
export { BadDatabaseUrl } from './connection-url.js';
export { createDatabase, dropDatabase, urlOfDatabase } from './create-database.sql.js';
export * from './databases.js';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded/embedded-postgres.js';
export { acquireEmbeddedPostgres, hasEmbeddedData, type AcquiredPostgres } from './embedded/acquire.js';
export { CannotStartPostgres } from './embedded/failure.js';
export { ConnectionLost } from './transaction-scope.js';
export { joinLines } from './join-lines.js';
export {
  DatabaseIsNewer,
  migrate,
  MigrationChanged,
  PostgresTooOld,
  prepareSchema,
  SchemaOutdated,
} from './migrate.js';
export { packageRoot } from './package-root.js';
export { closePool, openPool, type PoolOptions } from './pool.js';
export { createProcessUsers, PROCESSES, userOf, type ProcessName } from './process-users.sql.js';
export { inTransaction } from './transaction.js';
