// What a hundred times as many events cost: an append, a status read, and the memory of a rebuild and of a reader.
import type { Bench } from '../bench.js';
import { startChild } from '../children/child.js';
import type { RebuildQuestion, Rebuilt } from '../children/rebuilder.js';
import { check, once, type Row } from '../harness/row.js';
import { runCallers, alternate, type Contender } from '../harness/slices.js';
import { CALLERS } from './append.js';
import { measurementsOf, GOALS, IncidentCycle, timeRatio, appendVerification, type SizedLog } from './large-log.js';
import { growthOfStatus } from './growth-status.js';

/** A prime, so that the steps visit incidents all over the log. */
const STRIDE = 7_919;
/** Reports as a share of the events: half of the events are reports, and the newest are left to the readers. */
const OLDER_SHARE = 0.45;

export async function growth(bench: Bench, print: (line: string) => void): Promise<readonly Row[]> {
  const { growthSmall, growthLarge } = bench.sizes;
  const grown = async (name: string, events: number): Promise<SizedLog> => ({
    name: `${events} events`,
    events,
    opened: await bench.seededLog(name, events),
  });
  const [small, large] = [await grown('small', growthSmall), await grown('large', growthLarge)];
  const appends = await growthOfAppends(bench, [large, small]);
  print('  (rebuilding the facts of both)');
  await rebuiltIn(small.opened.url);
  const memory = memoryRow(await rebuiltIn(large.opened.url));
  return [appends, memory, ...(await growthOfStatus(bench, [large, small]))];
}

async function growthOfAppends(bench: Bench, [large, small]: readonly [SizedLog, SizedLog]): Promise<Row> {
  const [big = [], little = []] = await alternate([appending(large), appending(small)], bench.rounds);
  return {
    id: 'growth-append',
    what: `an append to existing streams all over the log, ${CALLERS} callers, by the number of events`,
    checks: [check('time', timeRatio(big, little), GOALS.time)],
    measurements: measurementsOf([large, big], [small, little]),
  };
}

function memoryRow({ events, seconds, maxRssMiB }: Rebuilt): Row {
  return {
    id: 'rss-rebuild',
    what: `peak memory of a process that rebuilds the facts of ${events} events`,
    checks: [check('memory', once(maxRssMiB), GOALS.memoryMiB, 'MiB')],
    measurements: [],
    notes: [`${Math.round(events / seconds)} events/s, ${seconds.toFixed(1)} s`],
  };
}

async function rebuiltIn(url: string): Promise<Rebuilt> {
  const child = startChild<RebuildQuestion, Rebuilt>('rebuilder');
  try {
    return await child.request({ url });
  } finally {
    await child.stop();
  }
}

function appending({ name, events, opened }: SizedLog): Contender {
  const incidents = new IncidentCycle({ first: 1, count: Math.floor(events * OLDER_SHARE), step: STRIDE });
  return {
    name,
    slice: (milliseconds) =>
      runCallers(CALLERS, milliseconds, async () => {
        await appendVerification(opened.log, incidents.next());
      }),
  };
}
