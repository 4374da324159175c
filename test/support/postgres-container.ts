// The PostgreSQL server of a test run in a container, if Docker is running and TEST_CONTAINERS=1 is set.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Several jest workers, each with several pools.
const CONNECTIONS_MAX = 300;

/** The URL of the superuser. Writes the container id to the folder for the clean-up (cluster-files.mjs). */
export async function startPostgresContainer(folder: string): Promise<string> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18')
    .withCommand(['postgres', '-c', `max_connections=${CONNECTIONS_MAX}`])
    .start();
  await writeFile(join(folder, 'container.id'), container.getId());
  return container.getConnectionUri();
}
