// After all tests: stops this run's servers and removes their folders, where a spec has started them.
import { removeCluster } from './cluster-files.mjs';

export default async function tearDown() {
  await removeCluster(process.env.BARADA_TEST_CLUSTER);
  await removeCluster(`${process.env.BARADA_TEST_CLUSTER}-kafka`);
}
