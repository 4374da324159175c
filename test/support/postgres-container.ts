// The PostgreSQL of a test run in a container, for machines where Docker answers and TEST_CONTAINERS=1 asks for it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Several workers, each with some pools.
const CONNECTIONS_MAX = 300;

/** Its URL, with a superuser's rights. The folder remembers it, for whoever clears up (cluster-files.mjs). */
export async function startPostgresContainer(folder: string): Promise<string> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18')
    .withCommand(['postgres', '-c', `max_connections=${CONNECTIONS_MAX}`])
    .start();
  await writeFile(join(folder, 'container.id'), container.getId());
  return container.getConnectionUri();
}
