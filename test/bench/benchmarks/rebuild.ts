// Rebuilding the facts from the log, compared with one transaction per event and with reading alone.
import type { Bench, OpenLog } from '../bench.js';
import { PartitionOwner, rebuild } from '../../../libs/projection/src/index.js';
import { FactsProjection } from '../../../libs/status/src/index.js';
import { rate, ratios } from '../harness/statistics.js';
import { check, measurementOf, once, type Row } from '../harness/row.js';
import { alternate, type Contender } from '../harness/slices.js';
import { plainCursor } from './read-log.js';
import { rebuildUnderTraffic, type UnderTraffic } from './rebuild-under-traffic.js';

const GOALS = { oneByOne: { atLeast: 50 }, cursor: { atLeast: 0.5 }, failures: { atMost: 0 } } as const;
/** Log size of the one-by-one reference. Rates are compared, so a smaller log is sufficient. */
const REFERENCE_EVENTS = 20_000;
const FAILURES_SHOWN = 3;

export async function rebuilding(bench: Bench): Promise<readonly Row[]> {
  const filled = await bench.seededLog('log', bench.sizes.logEvents);
  const small = await bench.seededLog('one_by_one', REFERENCE_EVENTS);
  const { contender: cursor, close } = plainCursor(filled.url);
  const contenders = [whole(filled), oneByOne(small), cursor];
  const [ours = [], single = [], reading = []] = await alternate(contenders, bench.rounds);
  await close();
  const underTraffic = await rebuildUnderTraffic(bench, filled);
  return [
    {
      id: 'rebuild',
      what: `the facts from ${bench.sizes.logEvents} events`,
      checks: [
        check('rate, to one transaction per event', ratios(ours, single, rate), GOALS.oneByOne),
        check('rate, to the plain cursor', ratios(ours, reading, rate), GOALS.cursor),
        check('requests that failed meanwhile', once(underTraffic.failures.length), GOALS.failures, ''),
      ],
      measurements: [
        measurementOf('rebuild', ours),
        measurementOf('one transaction per event', single),
        measurementOf('plain cursor', reading),
      ],
      notes: notesOf(underTraffic),
    },
  ];
}

function notesOf({ rebuilt, reports, reads, readMs99, failures }: UnderTraffic): readonly string[] {
  const { events, seconds, maxRssMiB } = rebuilt;
  return [
    `in a separate process, while ${reports} reports arrived and the status was read ${reads} times ` +
      `(p99 ${readMs99.toFixed(0)} ms): ${events} events in ${seconds.toFixed(1)} s, ` +
      `${Math.round(events / seconds)} /s, at most ${Math.round(maxRssMiB)} MiB, ${failures.length} requests failed`,
    ...failures.slice(0, FAILURES_SHOWN),
  ];
}

function whole({ log, databases }: OpenLog): Contender {
  const slice = async (): Promise<number> => {
    const { position } = await rebuild(new FactsProjection(), { log, sql: databases.analysis });
    return position;
  };
  return { name: 'rebuild', slice };
}

/** The same fold and rows, one event per transaction. It continues from the checkpoint. */
function oneByOne({ log, databases: { analysis } }: OpenLog): Contender {
  const projection = new FactsProjection();
  const slice = async (milliseconds: number): Promise<number> => {
    const owner = new PartitionOwner(projection, 0, analysis);
    const { position } = await owner.checkpoint();
    const events = await log.read(position, REFERENCE_EVENTS);
    const end = performance.now() + milliseconds;
    let count = 0;
    for (const event of events) {
      if (performance.now() >= end) break;
      await owner.fold([event], raise);
      count += 1;
    }
    return count;
  };
  return { name: 'one transaction per event', slice };
}

function raise(error: Error): never {
  throw error;
}
