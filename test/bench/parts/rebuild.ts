// Rebuilding the facts from the log: against one transaction per event, and against merely reading.
import type { Bench, OpenLog } from '../bench.js';
import { Owner, rebuild } from '../../../libs/projection/src/index.js';
import { FactsProjection } from '../../../libs/status/src/index.js';
import { rate, ratios } from '../harness/figures.js';
import { check, figure, type Row } from '../harness/row.js';
import { takeTurns, type Contender } from '../harness/slices.js';
import { plainCursor } from './read-log.js';

const GOALS = { oneByOne: { atLeast: 50 }, cursor: { atLeast: 0.5 } } as const;
/** What the reference folds one by one; a rate, so a smaller log does. */
const REFERENCE_EVENTS = 20_000;

export async function rebuilding(bench: Bench): Promise<readonly Row[]> {
  const filled = await bench.filledLog('log', bench.sizes.logEvents);
  const small = await bench.filledLog('one_by_one', REFERENCE_EVENTS);
  const { contender: cursor, close } = plainCursor(filled.url);
  const contenders = [whole(filled), oneByOne(small), cursor];
  const [ours = [], single = [], reading = []] = await takeTurns(contenders, bench.turns);
  await close();
  return [
    {
      id: 'rebuild',
      what: `the facts from ${bench.sizes.logEvents} events`,
      checks: [
        check('rate, to one transaction per event', ratios(ours, single, rate), GOALS.oneByOne),
        check('rate, to the plain cursor', ratios(ours, reading, rate), GOALS.cursor),
      ],
      figures: [figure('rebuild', ours), figure('one transaction per event', single), figure('plain cursor', reading)],
    },
  ];
}

function whole({ log, databases }: OpenLog): Contender {
  const slice = async (): Promise<number> => {
    const { position } = await rebuild(new FactsProjection(), { log, sql: databases.analysis });
    return position;
  };
  return { name: 'rebuild', slice };
}

/** The same fold and the same rows, each event by itself; it goes on where it stood. */
function oneByOne({ log, databases: { analysis } }: OpenLog): Contender {
  const projection = new FactsProjection();
  const slice = async (milliseconds: number): Promise<number> => {
    const owner = new Owner(projection, 0, analysis);
    const { position } = await owner.standing();
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
