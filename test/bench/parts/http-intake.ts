// POST /v1/reports, durable, against an empty route that checks the same body.
import { openDatabases } from '../../../libs/database/src/index.js';
import { PostgresEventLog } from '../../../libs/event-log/src/index.js';
import type { Bench } from '../bench.js';
import { startChild } from '../children/child.js';
import type { LoadQuestion } from '../children/http-load.js';
import { cpuEach, rate, ratios } from '../harness/figures.js';
import { check, figure, type Row } from '../harness/row.js';
import { takeTurns, type Contender } from '../harness/slices.js';
import { startEmptyRoute } from '../scene/empty-route.js';
import { leaves } from '../scene/places.js';
import { startStandalone } from '../scene/standalone.js';

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
    slice: (milliseconds) => load.ask({ url, token, regions, connections: CONNECTIONS, milliseconds }),
  });
  try {
    const contenders = [contender('POST /v1/reports', standalone.url), contender('empty route', empty.url)];
    const [ours = [], theirs = []] = await takeTurns(contenders, bench.turns);
    return [
      {
        id: 'http-intake',
        what: `POST /v1/reports, durable, standalone, ${CONNECTIONS} connections`,
        checks: [check('rate', ratios(ours, theirs, rate), GOAL)],
        figures: [figure('POST /v1/reports', ours), figure('empty route, same schema', theirs)],
        notes: [`CPU a report: ${ratios(ours, theirs, cpuEach).median.toFixed(2)} of the empty route's`],
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
  const codes = (await leaves(new PostgresEventLog(databases))).map(({ code }) => code);
  await databases.close();
  return codes;
}
