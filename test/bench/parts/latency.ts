// From an acknowledged report to its region's status and to the alert on the stream, while reports keep coming.
import type { Bench } from '../bench.js';
import { startChild } from '../children/child.js';
import type { WatchQuestion, Watched } from '../children/watcher.js';
import { percentile } from '../harness/figures.js';
import { check, once, type Row } from '../harness/row.js';
import { startStandalone } from '../scene/standalone.js';
import { regionsOf } from './http-intake.js';

const PER_SECOND = 200;
const GOAL = { atMost: 100 } as const;
const WARM_UP_SECONDS = 3;

export async function latency(bench: Bench): Promise<readonly Row[]> {
  const standalone = await startStandalone(bench, 'latency');
  const child = startChild<WatchQuestion, Watched>('watcher');
  const token = await standalone.token('monitor', 'analyst', 'subscriber');
  const asked = { url: standalone.url, token, regions: await regionsOf(standalone.databaseUrl), perSecond: PER_SECOND };
  try {
    await child.ask({ ...asked, seconds: WARM_UP_SECONDS });
    const { alerts, statuses, late } = await child.ask({ ...asked, seconds: bench.sizes.latencySeconds });
    const [alert, status] = [alerts, statuses].map((all) => percentile(all, 99)) as [number, number];
    return [
      {
        id: 'latency',
        what: `acknowledged report to status and SSE alert, ${PER_SECOND} reports/s, standalone`,
        checks: [
          check('p99, the later of the two', once(Math.max(alert, status)), GOAL, 'ms'),
          check('p99 of the alert', once(alert), GOAL, 'ms'),
          check('p99 of the status', once(status), GOAL, 'ms'),
        ],
        figures: [],
        notes: [
          `p50: alert ${percentile(alerts, 50).toFixed(1)} ms, status ${percentile(statuses, 50).toFixed(1)} ms; ` +
            `${alerts.length} reports, ${statuses.length} statuses, ${late} alerts that never came`,
        ],
      },
    ];
  } finally {
    await child.stop();
    await standalone.stop();
  }
}
