// From the acknowledgement of a report to its region's status and to the alert on the stream, under a steady load.
import type { Bench } from '../bench.js';
import { startChild } from '../children/child.js';
import type { WatchQuestion, Watched } from '../children/watcher.js';
import { percentile, type Goal } from '../harness/statistics.js';
import { check, once, type Row } from '../harness/row.js';
import { startStandalone } from '../scenario/standalone.js';
import { regionsOf } from './http-intake.js';

export const PER_SECOND = 200;
const GOAL = { atMost: 100 } as const;
const WARM_UP_SECONDS = 3;

export async function latency(bench: Bench): Promise<readonly Row[]> {
  const standalone = await startStandalone(bench, 'latency');
  try {
    const token = await standalone.token('monitor', 'analyst', 'subscriber');
    const regions = await regionsOf(standalone.databaseUrl);
    const { url } = standalone;
    const watched = await watch({ url, readUrl: url, token, regions }, bench.sizes.latencySeconds);
    return [latencyRow('latency', 'standalone', watched, GOAL)];
  } finally {
    await standalone.stop();
  }
}

/** Sends reports for that long, after a warm-up that does not count. */
export async function watch(
  where: Omit<WatchQuestion, 'perSecond' | 'seconds'>,
  seconds: number,
  warmUpSeconds = WARM_UP_SECONDS,
): Promise<Watched> {
  const child = startChild<WatchQuestion, Watched>('watcher');
  const asked = { ...where, perSecond: PER_SECOND };
  try {
    await child.request({ ...asked, seconds: warmUpSeconds });
    return await child.request({ ...asked, seconds });
  } finally {
    await child.stop();
  }
}

export function latencyRow(id: string, system: string, { alerts, statuses, late }: Watched, goal: Goal): Row {
  const [alert, status] = [alerts, statuses].map((all) => percentile(all, 99)) as [number, number];
  return {
    id,
    what: `acknowledged report to status and SSE alert, ${PER_SECOND} reports/s, ${system}`,
    checks: [
      check('p99, the later of the two', once(Math.max(alert, status)), goal, 'ms'),
      check('p99 of the alert', once(alert), goal, 'ms'),
      check('p99 of the status', once(status), goal, 'ms'),
    ],
    measurements: [],
    notes: [
      `p50: alert ${percentile(alerts, 50).toFixed(1)} ms, status ${percentile(statuses, 50).toFixed(1)} ms; ` +
        `${alerts.length} reports, ${statuses.length} statuses, ${late} alerts missing`,
    ],
  };
}
