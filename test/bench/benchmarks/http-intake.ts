// POST /v1/reports, durable, compared with an empty route that validates the same body.
import { openDatabases } from '../../../libs/database/src/index.js';
import { PostgresEventLog } from '../../../libs/event-log/src/index.js';
import type { Bench } from '../bench.js';
import { startChild } from '../children/child.js';
import type { LoadQuestion } from '../children/http-load.js';
import { cpuPerOperation, rate, ratios } from '../harness/statistics.js';
import { check, measurementOf, type Row } from '../harness/row.js';
import { alternate, type Contender } from '../harness/slices.js';
import { startEmptyRoute } from '../scenario/empty-route.js';
import { subDistricts } from '../scenario/regions.js';
import { startStandalone } from '../scenario/standalone.js';

const CONNECTIONS = 64;
const GOAL = { atLeast: 0.45 } as const;

export async function httpIntake(bench: Bench): Promise<readonly Row[]> {
  const standalone = await startStandalone(bench, 'http');
  const empty = await startEmptyRoute();
  const load = startChild<LoadQuestion, number>('http-load');
  const token = await standalone.token('monitor');
  const regions = await regionsOf(standalone.databaseUrl);
  const contender = (name: string, url: string): Contender => ({
    name,
    slice: (milliseconds) => load.request({ url, token, regions, connections: CONNECTIONS, milliseconds }),
  });
  try {
    const contenders = [contender('POST /v1/reports', standalone.url), contender('empty route', empty.url)];
    const [ours = [], theirs = []] = await alternate(contenders, bench.rounds);
    return [
      {
        id: 'http-intake',
        what: `POST /v1/reports, durable, standalone, ${CONNECTIONS} connections`,
        checks: [check('rate', ratios(ours, theirs, rate), GOAL)],
        measurements: [measurementOf('POST /v1/reports', ours), measurementOf('empty route, same schema', theirs)],
        notes: [`CPU a report: ${ratios(ours, theirs, cpuPerOperation).median.toFixed(2)} of the empty route's`],
      },
    ];
  } finally {
    await load.stop();
    await empty.stop();
    await standalone.stop();
  }
}

export async function regionsOf(databaseUrl: string): Promise<readonly string[]> {
  const databases = openDatabases(databaseUrl);
  const codes = (await subDistricts(new PostgresEventLog(databases))).map(({ code }) => code);
  await databases.close();
  return codes;
}
