// Global tear-down: stops the servers that specs of this run started and removes their folders.
import { removeCluster } from './cluster-files.mjs';

export default async function tearDown() {
  await removeCluster(process.env.BARADA_TEST_CLUSTER);
  await removeCluster(`${process.env.BARADA_TEST_CLUSTER}-kafka`);
}
