// Flushes to disk per acknowledged append, which group commit keeps low.
import type { Sql } from '../../../libs/database/src/index.js';
import { closePool, openPool } from '../../../libs/database/src/index.js';
import type { Bench } from '../bench.js';
import { spreadOf } from '../harness/statistics.js';
import { check, type Row } from '../harness/row.js';
import { baradaStore } from '../peers/barada.js';
import { CALLERS, toNew } from './append.js';

const GOAL = { atMost: 0.03 } as const;
// A backend reports statistics within a second of its last statement, or when it exits: hence a new store each round.
const SETTLED_MS = 1_200;

export async function flushes(bench: Bench): Promise<readonly Row[]> {
  const url = await bench.database('flushes');
  const watcher = openPool(bench.serverUrl, { applicationName: 'bench flushes', connections: 1 });
  const each: number[] = [];
  for (let round = 0; round < bench.rounds.rounds; round += 1) {
    const store = baradaStore(url);
    const { slice } = toNew(store);
    const before = await flushesSoFar(watcher);
    const appends = await slice(bench.rounds.sliceMs);
    await store.close();
    each.push(((await flushesSoFar(watcher)) - before) / appends);
  }
  await closePool(watcher);
  return [
    {
      id: 'flushes',
      what: `flushes to disk per append, ${CALLERS} callers`,
      checks: [check('flushes per append', spreadOf(each), GOAL, '')],
      measurements: [],
    },
  ];
}

/** Flushes of the server since its start, including those of its own background processes. */
async function flushesSoFar(sql: Sql): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  const [sum] = await sql<{ flushes: number }[]>`
    select sum(fsyncs)::int as flushes from pg_stat_io where object = 'wal'`;
  return sum?.flushes ?? NaN;
}
