// A migrated database for one spec file, on the PostgreSQL server of the test run.
import { randomBytes } from 'node:crypto';
import { createDatabase, dropDatabase, migrate, openDatabases, type Databases } from '#database';
import { PostgresEventLog } from '#event-log';
import { eventually } from './eventually.js';
import { testServer } from './server.js';

export type TestDatabase = {
  /** Connects as the owner. */
  readonly url: string;
  readonly databases: Databases;
  readonly log: PostgresEventLog;
  /** Closes all connections and drops the database. */
  drop(): Promise<void>;
};

const CONNECTIONS = 4;

export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = `barada_test_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(server, name);
  await migrate(url);
  const databases = openDatabases(url, { applicationName: 'test', connections: CONNECTIONS });
  const log = new PostgresEventLog(databases);
  return {
    url,
    databases,
    log,
    drop: async () => {
      await log.close();
      await databases.close();
      // Autovacuum may be running in it, which only a superuser can end.
      await eventually(() => dropDatabase(server, name));
    },
  };
}
