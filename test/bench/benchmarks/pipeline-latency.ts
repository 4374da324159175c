// `latency` through Kafka: reports go to one api process, status and alerts are read from another.
import type { Bench } from '../bench.js';
import type { Row } from '../harness/row.js';
import { Pipeline, PROCESSES, PROCESSES_TEXT } from '../scenario/pipeline.js';
import { WARM_UP_MS } from './pipeline-throughput.js';
import { regionsOf } from './http-intake.js';
import { latencyRow, watch } from './latency.js';

const GOAL = { atMost: 250 } as const;

export async function pipelineLatency(bench: Bench): Promise<readonly Row[]> {
  const pipeline = await Pipeline.open(bench, 'chain_latency', await bench.log('chain_latency'));
  try {
    await pipeline.start(PROCESSES);
    const token = await pipeline.token('monitor', 'analyst', 'subscriber');
    const where = {
      url: pipeline.url(0),
      readUrl: pipeline.url(1),
      token,
      regions: await regionsOf(pipeline.opened.url),
    };
    const watched = await watch(where, bench.sizes.latencySeconds, WARM_UP_MS / 1_000);
    return [latencyRow('chain-latency', PROCESSES_TEXT, watched, GOAL)];
  } finally {
    await pipeline.close();
  }
}
