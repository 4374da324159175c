// The distributed system that stories run against: its own processes, database and topic.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createDatabase, dropDatabase } from '#database';
import type { TestSystem } from './test-system.js';
import { Distributed, type ProcessCounts } from './distributed.js';
import { eventually } from './eventually.js';
import { newFolder } from './folder.js';
import { testServer } from './server.js';

export type DistributedTestSystem = TestSystem & { readonly system: Distributed; readonly databaseUrl: string };

const ONE_OF_EACH: ProcessCounts = { api: 1, relay: 1, projector: 1, alerter: 1 };
const READY_MS = 60_000;

/** Resolves once an api process is ready. */
export async function openDistributed(
  brokers: readonly string[],
  crew: ProcessCounts = ONE_OF_EACH,
): Promise<DistributedTestSystem> {
  const folder = await newFolder('story');
  const server = await testServer();
  const name = `barada_test_${randomBytes(6).toString('hex')}`;
  const databaseUrl = await createDatabase(server, name);
  const system = await Distributed.open({ databaseUrl, brokers, topic: name, folder });
  await system.start(crew);
  const client = await system.client();
  await eventually(async () => {
    const answer = await fetch(`${client.url}/health/ready`);
    if (answer.status !== 200) throw new Error(await answer.text());
  }, READY_MS);
  return {
    client,
    system,
    databaseUrl,
    close: async () => {
      await system.killAll();
      await eventually(() => dropDatabase(server, name));
      await rm(folder, { recursive: true });
    },
  };
}
