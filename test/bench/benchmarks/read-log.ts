// Reading the log from its start, compared with a plain cursor.
import postgres from 'postgres';
import type { Bench, OpenLog } from '../bench.js';
import { cpuPerOperation, rate, ratios } from '../harness/statistics.js';
import { check, measurementOf, type Row } from '../harness/row.js';
import { alternate, type Contender } from '../harness/slices.js';

const GOAL = { atLeast: 0.9 } as const;
export const PAGE = 1_000;

export async function readLog(bench: Bench): Promise<readonly Row[]> {
  const filled = await bench.seededLog('log', bench.sizes.logEvents);
  const { contender: cursor, close } = plainCursor(filled.url);
  const [ours = [], plain = []] = await alternate([fromStart(filled), cursor], bench.rounds);
  await close();
  return [
    {
      id: 'read-log',
      what: `reading ${bench.sizes.logEvents} events from the start, ${PAGE} at a time`,
      checks: [check('rate', ratios(ours, plain, rate), GOAL)],
      measurements: [measurementOf('EventLog.read', ours), measurementOf('plain cursor', plain)],
      notes: [`CPU an event: ${ratios(ours, plain, cpuPerOperation).median.toFixed(2)} of the cursor's`],
    },
  ];
}

/** Reads the complete log, however long that takes. */
function fromStart({ log }: OpenLog): Contender {
  const slice = async (): Promise<number> => {
    for (let [position, count] = [0, 0]; ;) {
      const page = await log.read(position, PAGE);
      const last = page.at(-1);
      if (!last) return count;
      position = last.position;
      count += page.length;
    }
  };
  return { name: 'EventLog.read', slice };
}

export function plainCursor(url: string): { readonly contender: Contender; readonly close: () => Promise<void> } {
  const sql = postgres(url, { max: 1 });
  const slice = async (): Promise<number> => {
    let count = 0;
    const cursor = sql`
      select position, stream, version, key, type, schema_version, data, meta, recorded_at, command_end
      from events order by position`.cursor(PAGE);
    for await (const rows of cursor) count += rows.length;
    return count;
  };
  return { contender: { name: 'plain cursor', slice }, close: () => sql.end() };
}
