// Throughput of the distributed system: from sending reports until all of them are in the facts.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { startChild, type Child } from '../children/child.js';
import type { LoadQuestion } from '../children/http-load.js';
import { rate, spreadOf, type Sample } from '../harness/statistics.js';
import { check, measurementOf, type Row } from '../harness/row.js';
import { Pipeline, PROCESSES, PROCESSES_TEXT, total, cpuUsageBetween, type CpuUsage } from '../scenario/pipeline.js';
import { FACTS } from '../../../libs/status/src/index.js';
import { regionsOf } from './http-intake.js';
import { PER_SECOND } from './latency.js';

/** Across all api processes. */
const CONNECTIONS = 64;
/** At least the rate at which latency is promised. */
const GOAL = { atLeast: PER_SECOND } as const;
const TIMEOUT_MS = 300_000;
/** Six processes need longer than one until V8 has compiled their code. */
export const WARM_UP_MS = 10_000;
const IDLE_MS = 4_000;

type Round = Sample & {
  readonly used: CpuUsage;
  /** The part of `seconds` until the last acknowledgement. */
  readonly sending: number;
  /** Seconds from then until all alerts existed. */
  readonly alerts: number;
};

export async function pipelineThroughput(bench: Bench): Promise<readonly Row[]> {
  const pipeline = await Pipeline.open(bench, 'chain_throughput', await bench.log('chain_throughput'));
  const loads = Array.from({ length: PROCESSES.api }, () => startChild<LoadQuestion, number>('http-load'));
  try {
    await pipeline.start(PROCESSES);
    const rounds: Round[] = [];
    const idle = await measureIdle(pipeline);
    await oneRound(pipeline, loads, WARM_UP_MS);
    while (rounds.length < bench.rounds.rounds) rounds.push(await oneRound(pipeline, loads, bench.rounds.sliceMs));
    return [rowOf(rounds, idle)];
  } finally {
    for (const load of loads) await load.stop();
    await pipeline.close();
  }
}

async function oneRound(
  pipeline: Pipeline,
  loads: readonly Child<LoadQuestion, number>[],
  milliseconds: number,
): Promise<Round> {
  const [token, regions] = [await pipeline.token('monitor'), await regionsOf(pipeline.opened.url)];
  const asked = { token, regions, connections: CONNECTIONS / loads.length, milliseconds };
  const [before, began] = [pipeline.cpuUsage(), performance.now()];
  const since = (): number => (performance.now() - began) / 1_000;
  const sent = await Promise.all(loads.map((load, api) => load.request({ ...asked, url: pipeline.url(api) })));
  const sending = since();
  const { position } = await pipeline.opened.log.head();
  await waitForProjection(pipeline, FACTS, position);
  const [seconds, used] = [since(), cpuUsageBetween(before, pipeline.cpuUsage())];
  await waitForProjection(pipeline, 'alerts', position);
  const operations = sent.reduce((sum, each) => sum + each, 0);
  return { operations, seconds, cpuSeconds: total(used), used, sending, alerts: since() - sending };
}

/** CPU seconds per second without reports. */
async function measureIdle(pipeline: Pipeline): Promise<CpuUsage> {
  await sleep(IDLE_MS);
  const before = pipeline.cpuUsage();
  await sleep(IDLE_MS);
  const used = Object.entries(cpuUsageBetween(before, pipeline.cpuUsage()));
  return Object.fromEntries(used.map(([who, seconds]) => [who, (seconds * 1_000) / IDLE_MS])) as CpuUsage;
}

async function waitForProjection({ checkpoints }: Pipeline, projection: string, position: number): Promise<void> {
  if (await checkpoints.isReached(projection, position, TIMEOUT_MS)) return;
  const reached = await checkpoints.position(projection);
  throw new Error(`${projection} is at position ${reached}, not at ${position}, after ${TIMEOUT_MS} ms`);
}

function rowOf(rounds: readonly Round[], idle: CpuUsage): Row {
  const median = (of: (round: Round) => number): number => spreadOf(rounds.map(of)).median;
  const each = (of: (who: keyof CpuUsage) => string): string =>
    (Object.keys(idle) as (keyof CpuUsage)[]).map((who) => `${who} ${of(who)}`).join(', ');
  return {
    id: 'chain-throughput',
    what: `reports sent until all are in the facts, ${PROCESSES_TEXT}, ${CONNECTIONS} connections`,
    checks: [check('reports, sent until visible', spreadOf(rounds.map(rate)), GOAL, '/s')],
    measurements: [measurementOf('reports through the chain', rounds)],
    notes: [
      `CPU a report, µs: ${each((who) => median(({ used, operations }) => (used[who] / operations) * 1e6).toFixed(0))}`,
      `CPU without reports, % of a core: ${each((who) => (idle[who] * 100).toFixed(1))}`,
      `acknowledged at ${median(({ operations, sending }) => operations / sending).toFixed(0)} /s; visible ` +
        `${median(({ seconds, sending }) => seconds - sending).toFixed(2)} s after the last acknowledgement, ` +
        `all alerts ${median(({ alerts }) => alerts).toFixed(2)} s after it`,
    ],
  };
}
