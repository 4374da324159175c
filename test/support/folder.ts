// A temporary folder for one spec file. Other users may enter it, because PostgreSQL runs as one if the tests run as root.
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Named after the test run, so that the next run can remove it if this one is killed. */
export async function newFolder(name: string): Promise<string> {
  const folder = await mkdtemp(`${process.env['BARADA_TEST_CLUSTER'] ?? join(tmpdir(), 'barada')}-${name}-`);
  await chmod(folder, 0o755);
  return folder;
}
