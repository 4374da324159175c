// After all tests: stops this run's PostgreSQL and removes its folder, where a spec has started it.
import { removeCluster } from './cluster-files.mjs';

export default async function tearDown() {
  await removeCluster(process.env.BARADA_TEST_CLUSTER);
}
