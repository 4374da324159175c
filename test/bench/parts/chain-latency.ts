// The same as `latency` through Kafka: sent to one api, looked for and heard at another.
import type { Bench } from '../bench.js';
import type { Row } from '../harness/row.js';
import { Chain, CREW, CREW_TEXT } from '../scene/chain.js';
import { WARM_UP_MS } from './chain-throughput.js';
import { regionsOf } from './http-intake.js';
import { latencyRow, watch } from './latency.js';

const GOAL = { atMost: 250 } as const;

export async function chainLatency(bench: Bench): Promise<readonly Row[]> {
  const chain = await Chain.open(bench, 'chain_latency', await bench.log('chain_latency'));
  try {
    await chain.start(CREW);
    const token = await chain.token('monitor', 'analyst', 'subscriber');
    const where = { url: chain.url(0), readUrl: chain.url(1), token, regions: await regionsOf(chain.opened.url) };
    const watched = await watch(where, bench.sizes.latencySeconds, WARM_UP_MS / 1_000);
    return [latencyRow('chain-latency', CREW_TEXT, watched, GOAL)];
  } finally {
    await chain.close();
  }
}
