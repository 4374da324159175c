// How fast one, two and three projectors with empty facts catch up with a topic that holds the complete log.
import { cpus } from 'node:os';
import { closePool, openPool, type Sql } from '../../../libs/database/src/index.js';
import { FACTS, FactsProjection } from '../../../libs/status/src/index.js';
import { eventually } from '../../support/eventually.js';
import type { Bench } from '../bench.js';
import { ratios, rate, spreadOf, type Sample } from '../harness/statistics.js';
import { check, measurementOf, type Row } from '../harness/row.js';
import { Pipeline, PARTITIONS, total, cpuUsageBetween, type CpuUsage } from '../scenario/pipeline.js';

const PROJECTORS = [1, 2, 3] as const;
/** Another projector must not slow the system down, even without a free core. */
const GOAL = { atLeast: 1 } as const;
const TIMEOUT_MS = 600_000;
const BEGIN_MS = 60_000;

type CaughtUp = Sample & { readonly used: CpuUsage };

/** `reached`: the mean over the partitions, because events are spread evenly. */
type Progress = { readonly slowest: number; readonly reached: number; readonly lagging: number };

export async function pipelineCatchUp(bench: Bench): Promise<readonly Row[]> {
  const opened = await bench.seededLog('chain', bench.sizes.chainEvents);
  const pipeline = await Pipeline.open(bench, 'chain_catch_up', opened);
  const owner = openPool(opened.url, { applicationName: 'bench chain', connections: 1 });
  try {
    const carried = await relayAll(pipeline);
    const all: CaughtUp[][] = PROJECTORS.map(() => []);
    for (let round = 0; round < bench.rounds.rounds; round += 1) {
      for (const [index, projectors] of PROJECTORS.entries())
        all[index]?.push(await catchUp(pipeline, owner, { projectors, events: carried.operations }));
    }
    return [rowOf(all, carried)];
  } finally {
    await closePool(owner);
    await pipeline.close();
  }
}

/** The relay sends the complete log and stops, so that later events stay out of the topic. */
async function relayAll({ system, checkpoints, opened }: Pipeline): Promise<Sample> {
  const { position } = await opened.log.head();
  await system.add('relay');
  const carried = async (): Promise<number> => (await checkpoints.relayProgress())?.position ?? 0;
  const [first, began] = await eventually(async () => {
    const so = await carried();
    if (so === 0) throw new Error(`the relay has sent nothing of ${position} events`);
    return [so, performance.now()] as const;
  }, BEGIN_MS);
  await eventually(async () => {
    const so = await carried();
    if (so < position) throw new Error(`the relay has sent ${so} of ${position} events`);
  }, TIMEOUT_MS);
  const seconds = (performance.now() - began) / 1_000;
  await system.stop();
  if ((await opened.log.head()).position !== position) throw new Error('the log has grown while it was relayed');
  return { operations: position, seconds: (seconds * position) / (position - first), cpuSeconds: 0 };
}

async function catchUp(
  pipeline: Pipeline,
  owner: Sql,
  { projectors, events }: { readonly projectors: number; readonly events: number },
): Promise<CaughtUp> {
  await pipeline.resetOffsets(FACTS);
  await emptyFacts(owner);
  // The measurement starts when all have joined the group; without this right none can start before.
  await owner`revoke update on checkpoints from barada_analysis`;
  try {
    await Promise.all(Array.from({ length: projectors }, () => pipeline.system.add('projector')));
    await pipeline.waitForMembers(FACTS, projectors);
  } finally {
    await owner`grant update on checkpoints to barada_analysis`;
  }
  const { reached } = await until(owner, BEGIN_MS, ({ slowest }) => slowest > 0);
  const [before, began] = [pipeline.cpuUsage(), performance.now()];
  await until(owner, TIMEOUT_MS, ({ lagging }) => lagging === 0);
  const seconds = (performance.now() - began) / 1_000;
  const used = cpuUsageBetween(before, pipeline.cpuUsage());
  await pipeline.system.stop();
  return { operations: events - reached, seconds, cpuSeconds: total(used), used };
}

async function emptyFacts(owner: Sql): Promise<void> {
  for (const table of new FactsProjection().tables) await owner`truncate ${owner(table)}`;
  await owner`
    insert into checkpoints (projection, partition) select ${FACTS}, partition from feed_partitions
    on conflict (projection, partition) do update set position = 0`;
}

async function until(owner: Sql, timeoutMs: number, isDone: (progress: Progress) => boolean): Promise<Progress> {
  return eventually(async () => {
    const [progress] = await owner<Progress[]>`
      select min(c.position)::float8 as slowest, avg(c.position)::float8 as reached,
        (count(*) filter (where c.position < p.last))::int as lagging
      from checkpoints c join feed_partitions p on p.partition = c.partition
      where c.projection = ${FACTS}`;
    if (progress && isDone(progress)) return progress;
    throw new Error(`the projectors are at ${JSON.stringify(progress)} after ${timeoutMs} ms`);
  }, timeoutMs);
}

function rowOf(all: readonly (readonly CaughtUp[])[], carried: Sample): Row {
  const [one = [], two = [], three = []] = all;
  return {
    id: 'chain-catch-up',
    what: `empty facts from a topic of ${carried.operations} events in ${PARTITIONS} partitions`,
    checks: [
      check('rate, two projectors to one', ratios(two, one, rate), GOAL),
      check('rate, three projectors to one', ratios(three, one, rate), GOAL),
    ],
    measurements: [
      measurementOf('one projector, events', one),
      measurementOf('two projectors, events', two),
      measurementOf('three projectors, events', three),
    ],
    notes: [
      ...all.map((samples, index) => `cores in use by ${PROJECTORS[index] ?? 0}: ${coresOf(samples)}`),
      `of ${cpus().length} cores: without an idle core another projector cannot help`,
      `the relay had sent them at ${Math.round(rate(carried))} /s`,
    ],
  };
}

function coresOf(samples: readonly CaughtUp[]): string {
  const cores = (of: (used: CpuUsage) => number): string =>
    spreadOf(samples.map(({ used, seconds }) => of(used) / seconds)).median.toFixed(2);
  return `projectors ${cores((used) => used.projector)}, PostgreSQL ${cores((used) => used.PostgreSQL)}, Kafka ${cores((used) => used.Kafka)}; together ${cores(total)}`;
}
