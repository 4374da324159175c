// Global set-up: names the folder of this run's servers, which the first specs that need them start (server.ts,
// kafka.ts), removes what a killed run left, and installs what a complete run needs.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, removeCluster } from './cluster-files.mjs';
import { installMissingPackages } from './debian-packages.mjs';

const NAME = /^barada-test-(\d+)(?:-.*)?$/;

export default async function setUp() {
  installMissingPackages();
  for (const name of readdirSync(tmpdir())) {
    const run = NAME.exec(name)?.[1];
    if (run && !isAlive(Number(run))) await removeCluster(join(tmpdir(), name));
  }
  process.env.BARADA_TEST_CLUSTER = join(tmpdir(), `barada-test-${process.pid}`);
}
