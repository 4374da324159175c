// Sends reports at a fixed rate and measures when each is acknowledged and when it becomes visible.
import { createParser } from 'eventsource-parser';
import { Pool } from 'undici';
import { reportBody } from '../scenario/reports.js';
import { serve } from './child.js';

export type WatchQuestion = {
  /** The api that gets the reports. */
  readonly url: string;
  /** The api that serves the status and the alert stream. */
  readonly readUrl: string;
  readonly token: string;
  readonly regions: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
};

/** In milliseconds after the acknowledgement. */
export type Watched = {
  readonly alerts: readonly number[];
  readonly statuses: readonly number[];
  readonly late: number;
};

type Receipt = { readonly position: number; readonly incident: string };

const CONNECTIONS = 64;
/** Every STATUS_EVERY-th report is looked up in its region's status; all are looked up among the alerts. */
const STATUS_EVERY = 10;
const TIMEOUT_MS = 30_000;

serve(async (question: WatchQuestion): Promise<Watched> => {
  const [pool, readers] = [question.url, question.readUrl].map(
    (url) => new Pool(url, { connections: CONNECTIONS, pipelining: 1 }),
  ) as [Pool, Pool];
  const seen = new Map<number, number>();
  const stopStream = await subscribe(readers, question, seen);
  const [acknowledged, statuses] = await send({ pool, readers }, question);
  await until(() => [...acknowledged.keys()].every((position) => seen.has(position)));
  stopStream.abort();
  await Promise.all([pool.destroy(), readers.destroy()]);
  // An alert may arrive before its report is acknowledged, which counts as 0 ms.
  const alerts = [...acknowledged].map(([position, at]) => Math.max(0, (seen.get(position) ?? Infinity) - at));
  return { alerts, statuses, late: alerts.filter((ms) => ms === Infinity).length };
});

/** The time of each acknowledgement by position, and the delays until sampled reports were visible in their region. */
async function send(
  { pool, readers }: { readonly pool: Pool; readonly readers: Pool },
  question: WatchQuestion,
): Promise<[Map<number, number>, number[]]> {
  const { perSecond, seconds, regions } = question;
  const acknowledged = new Map<number, number>();
  const statuses: number[] = [];
  const began = performance.now();
  const sent: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = began + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const region = regions[index % regions.length] ?? '';
    const one = async (): Promise<void> => {
      const { position } = await report(pool, question, region);
      const at = performance.now();
      // A violation report is two events; the first raises the alert.
      acknowledged.set(position - 1, at);
      if (index % STATUS_EVERY > 0) return;
      await status(readers, question, { region, position });
      statuses.push(performance.now() - at);
    };
    sent.push(one());
  }
  await Promise.all(sent);
  return [acknowledged, statuses];
}

async function report(pool: Pool, { token }: WatchQuestion, region: string): Promise<Receipt> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/v1/reports',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(reportBody(region, 'grave')),
  });
  if (statusCode !== 201) throw new Error(`${statusCode}: ${await body.text()}`);
  return (await body.json()) as Receipt;
}

async function status(
  pool: Pool,
  { token }: WatchQuestion,
  { region, position }: { region: string; position: number },
): Promise<void> {
  const path = `/v1/regions/${region}/status?minPosition=${position}`;
  const { statusCode, body } = await pool.request({
    method: 'GET',
    path,
    headers: { authorization: `Bearer ${token}` },
  });
  if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`);
  const { position: reached } = (await body.json()) as { position: number };
  if (reached < position) throw new Error(`the status is at position ${reached}, not at ${position}`);
}

/** Records the arrival time of each alert by position. */
async function subscribe(pool: Pool, { token }: WatchQuestion, seen: Map<number, number>): Promise<AbortController> {
  const stop = new AbortController();
  const { body } = await pool.request({
    method: 'GET',
    path: '/v1/alerts/stream?type=grave_incident',
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  const parser = createParser({ onEvent: ({ id }) => void seen.set(Number(id), performance.now()) });
  const text = new TextDecoder();
  body.on('data', (chunk: Buffer) => {
    parser.feed(text.decode(chunk, { stream: true }));
  });
  body.on('error', () => undefined);
  return stop;
}

async function until(isSo: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + TIMEOUT_MS; !isSo() && performance.now() < giveUpAt;)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
