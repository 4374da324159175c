// What a hundred times as many events cost a reader of the status: time after a change, time without one, the first read
// after a start, and memory.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { startChild } from '../children/child.js';
import type { ReaderAnswer, ReaderQuestion } from '../children/reader.js';
import { check, once, type Row } from '../harness/row.js';
import { runCallers, alternate, type Contender } from '../harness/slices.js';
import { measurementsOf, GOALS, IncidentCycle, timeRatio, appendVerification, type SizedLog } from './large-log.js';

const RECENT = 300;
/** The log starts with registry events, so slightly fewer than half of the events are reports. */
const NEWEST_LEFT_OUT = 300;
const READ_TIMEOUT_MS = 120_000;
const READS_MAX = 20;

export async function growthOfStatus(bench: Bench, pair: readonly [SizedLog, SizedLog]): Promise<readonly Row[]> {
  const notes: string[] = [];
  for (const grown of pair) notes.push(await warmUp(bench, grown));
  const readers: Reader[] = [];
  try {
    for (const grown of pair) {
      const reader = await startReader(bench, grown);
      readers.push(reader);
      const seconds = await secondsOfRead(reader.url);
      notes.push(`the first read after a start, ${grown.name}: ${seconds.toFixed(2)} s`);
    }
    const urls = readers.map(({ url }) => url);
    const contenders = pair.map((grown, index) => readAfterWrite(grown, urls[index] ?? ''));
    const [big = [], little = []] = await alternate(contenders, bench.rounds);
    const still = pair.map((grown, index) => readUnchanged(grown, urls[index] ?? ''));
    const [bigStill = [], littleStill = []] = await alternate(still, bench.rounds);
    const [large, small] = pair;
    const memory = await Promise.all(readers.map((reader) => reader.maxRssMiB()));
    return [
      {
        id: 'growth-status',
        what: 'GET /v1/status of all regions, by the number of events',
        checks: [
          check('time, after each change', timeRatio(big, little), GOALS.time),
          check('time, no change', timeRatio(bigStill, littleStill), GOALS.time),
        ],
        measurements: measurementsOf([large, big], [small, little]),
        notes,
      },
      {
        id: 'rss-status',
        what: `peak memory of a process that serves the status of ${large.name}`,
        checks: [check('memory', once(memory[0] ?? Infinity), GOALS.memoryMiB, 'MiB')],
        measurements: [],
        notes: [`of ${small.name}: ${Math.round(memory[1] ?? Infinity)} MiB`],
      },
    ];
  } finally {
    for (const reader of readers) await reader.stop();
  }
}

type Reader = {
  readonly url: string;
  readonly maxRssMiB: () => Promise<number>;
  readonly stop: () => Promise<void>;
};

async function startReader(bench: Bench, { name, opened }: SizedLog): Promise<Reader> {
  const directory = join(bench.folder, `reader of ${name}`);
  mkdirSync(directory, { recursive: true });
  const child = startChild<ReaderQuestion, ReaderAnswer>('reader');
  const question = { url: opened.url, directory };
  const { url } = await child.request(question);
  return { url, maxRssMiB: async () => (await child.request(question)).maxRssMiB, stop: child.stop };
}

/** After a rebuild, past statuses are computed once and then kept. */
async function warmUp(bench: Bench, grown: SizedLog): Promise<string> {
  const reader = await startReader(bench, grown);
  try {
    const seconds = await secondsOfRead(reader.url);
    const memory = Math.round(await reader.maxRssMiB());
    return `past statuses computed after a rebuild, ${grown.name}: ${seconds.toFixed(1)} s, at most ${memory} MiB`;
  } finally {
    await reader.stop();
  }
}

/** The client may time out several times; the server continues meanwhile. */
async function secondsOfRead(url: string): Promise<number> {
  const began = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      await readStatus(url, 0);
      return (performance.now() - began) / 1000;
    } catch (error) {
      if (attempt === READS_MAX || !(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    }
  }
}

/** One reader: verifies a recent incident and waits for a status that includes it. */
function readAfterWrite({ name, events, opened }: SizedLog, url: string): Contender {
  const recent = new IncidentCycle({
    first: Math.floor(events / 2) - NEWEST_LEFT_OUT - RECENT,
    count: RECENT,
    step: 1,
  });
  const read = async (): Promise<void> => {
    await readStatus(url, await appendVerification(opened.log, recent.next()));
  };
  return { name, slice: (milliseconds) => runCallers(1, milliseconds, read) };
}

function readUnchanged({ name }: SizedLog, url: string): Contender {
  return { name, slice: (milliseconds) => runCallers(1, milliseconds, () => readStatus(url, 0)) };
}

async function readStatus(url: string, minPosition: number): Promise<void> {
  const answer = await fetch(`${url}/v1/status?minPosition=${minPosition}`, {
    signal: AbortSignal.timeout(READ_TIMEOUT_MS),
  });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${body.slice(0, 300)}`);
}
