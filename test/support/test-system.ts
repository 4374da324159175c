// The system that stories run against: the standalone composition in this process, on a database of its own.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createDatabase, dropDatabase } from '#database';
import { Settings } from '#platform';
import { start } from '../../apps/standalone/src/start.js';
import { Client } from './client.js';
import { newFolder } from './folder.js';
import { testServer } from './server.js';

/** Stories use nothing else, so they run against any composition. */
export type TestSystem = { readonly client: Client; readonly close: () => Promise<void> };

export async function openStandalone(): Promise<TestSystem> {
  const folder = await newFolder('story');
  const server = await testServer();
  const name = `barada_test_${randomBytes(6).toString('hex')}`;
  const env = {
    DATABASE_URL: await createDatabase(server, name),
    BARADA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'error',
  };
  const running = await start(Settings.from(env), { noAuth: false }, () => undefined);
  return {
    client: await Client.of(running.url, folder),
    close: async () => {
      await running.stop();
      await dropDatabase(server, name);
      await rm(folder, { recursive: true });
    },
  };
}

/** A system that is already running at `url`, with its token issuer's key in BARADA_DIR. */
export async function connectToRunning(url: string): Promise<TestSystem> {
  const client = await Client.of(url, process.env['BARADA_DIR'] ?? '.barada');
  return { client, close: () => Promise.resolve() };
}
