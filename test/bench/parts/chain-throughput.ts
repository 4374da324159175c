// Reports through the whole distributed system: sent until all of them are in the facts.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { startChild, type Child } from '../children/child.js';
import type { LoadQuestion } from '../children/http-load.js';
import { rate, spread, type Sample } from '../harness/figures.js';
import { check, figure, type Row } from '../harness/row.js';
import { Chain, CREW, CREW_TEXT, total, usedBetween, type Used } from '../scene/chain.js';
import { FACTS } from '../../../libs/status/src/index.js';
import { regionsOf } from './http-intake.js';
import { PER_SECOND } from './latency.js';

/** Over all apis. */
const CONNECTIONS = 64;
/** At least what is promised to be quick. */
const GOAL = { atLeast: PER_SECOND } as const;
const PATIENCE_MS = 300_000;
/** Six processes take longer until their code is compiled than one does. */
export const WARM_UP_MS = 10_000;
const IDLE_MS = 4_000;

type Round = Sample & {
  readonly used: Used;
  /** Of `seconds`, until the last one was acknowledged. */
  readonly sending: number;
  /** From then on until all alerts were there. */
  readonly alerts: number;
};

export async function chainThroughput(bench: Bench): Promise<readonly Row[]> {
  const chain = await Chain.open(bench, 'chain_throughput', await bench.log('chain_throughput'));
  const loads = Array.from({ length: CREW.api }, () => startChild<LoadQuestion, number>('http-load'));
  try {
    await chain.start(CREW);
    const rounds: Round[] = [];
    const idle = await idling(chain);
    await oneRound(chain, loads, WARM_UP_MS);
    while (rounds.length < bench.turns.rounds) rounds.push(await oneRound(chain, loads, bench.turns.sliceMs));
    return [rowOf(rounds, idle)];
  } finally {
    for (const load of loads) await load.stop();
    await chain.close();
  }
}

async function oneRound(
  chain: Chain,
  loads: readonly Child<LoadQuestion, number>[],
  milliseconds: number,
): Promise<Round> {
  const [token, regions] = [await chain.token('monitor'), await regionsOf(chain.opened.url)];
  const asked = { token, regions, connections: CONNECTIONS / loads.length, milliseconds };
  const [before, began] = [chain.used(), performance.now()];
  const since = (): number => (performance.now() - began) / 1_000;
  const sent = await Promise.all(loads.map((load, api) => load.ask({ ...asked, url: chain.url(api) })));
  const sending = since();
  const { position } = await chain.opened.log.head();
  await passed(chain, FACTS, position);
  const [seconds, used] = [since(), usedBetween(before, chain.used())];
  await passed(chain, 'alerts', position);
  const operations = sent.reduce((sum, each) => sum + each, 0);
  return { operations, seconds, cpuSeconds: total(used), used, sending, alerts: since() - sending };
}

/** CPU seconds a second while nobody reports. */
async function idling(chain: Chain): Promise<Used> {
  await sleep(IDLE_MS);
  const before = chain.used();
  await sleep(IDLE_MS);
  const used = Object.entries(usedBetween(before, chain.used()));
  return Object.fromEntries(used.map(([who, seconds]) => [who, (seconds * 1_000) / IDLE_MS])) as Used;
}

async function passed({ checkpoints }: Chain, projection: string, position: number): Promise<void> {
  if (await checkpoints.isReached(projection, position, PATIENCE_MS)) return;
  const reached = await checkpoints.position(projection);
  throw new Error(`${projection} stand at ${reached} and not at ${position} after ${PATIENCE_MS} ms`);
}

function rowOf(rounds: readonly Round[], idle: Used): Row {
  const median = (of: (round: Round) => number): number => spread(rounds.map(of)).median;
  const each = (of: (who: keyof Used) => string): string =>
    (Object.keys(idle) as (keyof Used)[]).map((who) => `${who} ${of(who)}`).join(', ');
  return {
    id: 'chain-throughput',
    what: `reports sent until all are in the facts, ${CREW_TEXT}, ${CONNECTIONS} connections`,
    checks: [check('reports, sent until visible', spread(rounds.map(rate)), GOAL, '/s')],
    figures: [figure('reports through the chain', rounds)],
    notes: [
      `CPU a report, µs: ${each((who) => median(({ used, operations }) => (used[who] / operations) * 1e6).toFixed(0))}`,
      `CPU while nobody reports, % of a core: ${each((who) => (idle[who] * 100).toFixed(1))}`,
      `acknowledged at ${median(({ operations, sending }) => operations / sending).toFixed(0)} /s; visible ` +
        `${median(({ seconds, sending }) => seconds - sending).toFixed(2)} s after the last acknowledgement, ` +
        `all alerts ${median(({ alerts }) => alerts).toFixed(2)} s after it`,
    ],
  };
}
