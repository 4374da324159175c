// The PostgreSQL server of a test run: an installed one (TEST_DATABASE_URL), or one that the first spec starts, in a
// container if TEST_CONTAINERS=1 is set.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#database';
import { eventually } from './eventually.js';
import { whyNoContainers } from './kafka-container.js';
import { startPostgresContainer } from './postgres-container.js';

const START_TIMEOUT_MS = 60_000;

/** The URL of a database on it, as superuser, from which others can be created. */
export async function testServer(): Promise<string> {
  const installed = process.env['TEST_DATABASE_URL'];
  if (installed !== undefined) return installed;
  const folder = process.env['BARADA_TEST_CLUSTER'];
  if (folder === undefined) throw new Error('BARADA_TEST_CLUSTER is not set: run the tests with "npm test".');
  const urlFile = join(folder, 'url');
  if (isFirst(folder)) await start(folder, urlFile);
  return eventually(() => readFileSync(urlFile, 'utf8'), START_TIMEOUT_MS);
}

// mkdir is atomic: of several workers only one creates the folder.
function isFirst(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    mkdirSync(join(folder, 'starting'));
    return true;
  } catch {
    return false;
  }
}

async function start(folder: string, urlFile: string): Promise<void> {
  const url =
    whyNoContainers() === null
      ? await startPostgresContainer(folder)
      : (await startEmbeddedPostgres({ dir: folder, keepRunning: true })).url;
  writeFileSync(`${urlFile}.unfinished`, url);
  renameSync(`${urlFile}.unfinished`, urlFile);
}
