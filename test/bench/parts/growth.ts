// What a hundred times as many events cost: an append, a status read, and the memory of a rebuild.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Append, PostgresEventLog } from '../../../libs/event-log/src/index.js';
import type { Bench, OpenLog } from '../bench.js';
import { startChild } from '../children/child.js';
import type { ReaderQuestion } from '../children/reader.js';
import type { RebuildQuestion, Rebuilt } from '../children/rebuilder.js';
import { rate, ratios, type Sample } from '../harness/figures.js';
import { check, figure, once, type Figure, type Row } from '../harness/row.js';
import { callers, takeTurns, type Contender } from '../harness/slices.js';
import { incidentOf } from '../scene/fill.js';
import { CALLERS } from './append.js';

const GOALS = { time: { atMost: 1.2 }, memoryMiB: { atMost: 512 } } as const;
/** A prime: these steps visit incidents all over the log. */
const STRIDE = 7_919;
/** Of the events, as many reports: half of the events are reports, and the newest of those are left to the readers. */
const OLDER_SHARE = 0.45;
const RECENT = 300;
/** The registers stand before the reports, so there are some fewer of these than half of the events. */
const NEWEST_LEFT_OUT = 300;
const FIRST_READ_PATIENCE_MS = 300_000;

type Grown = { readonly name: string; readonly events: number; readonly opened: OpenLog };

export async function growth(bench: Bench, say: (line: string) => void): Promise<readonly Row[]> {
  const { growthSmall, growthLarge } = bench.sizes;
  const grown = async (name: string, events: number): Promise<Grown> => ({
    name: `${events} events`,
    events,
    opened: await bench.filledLog(name, events),
  });
  const [small, large] = [await grown('small', growthSmall), await grown('large', growthLarge)];
  const appends = await growthOfAppends(bench, [large, small]);
  say('  (rebuilding the facts of both)');
  await rebuiltIn(small.opened.url);
  const memory = memoryRow(await rebuiltIn(large.opened.url));
  return [appends, memory, await growthOfStatus(bench, [large, small])];
}

async function growthOfAppends(bench: Bench, [large, small]: readonly [Grown, Grown]): Promise<Row> {
  const [big = [], little = []] = await takeTurns([appending(large), appending(small)], bench.turns);
  return {
    id: 'growth-append',
    what: `an append to existing streams all over the log, ${CALLERS} callers, by the number of events`,
    checks: [check('time', times(big, little), GOALS.time)],
    figures: figures([large, big], [small, little]),
  };
}

async function growthOfStatus(bench: Bench, pair: readonly [Grown, Grown]): Promise<Row> {
  const readers = pair.map(() => startChild<ReaderQuestion, string>('reader'));
  try {
    const [large, small] = pair;
    const urls: string[] = [];
    const firsts: string[] = [];
    for (const [index, { name, opened }] of pair.entries()) {
      const directory = join(bench.folder, `reader-${index}`);
      mkdirSync(directory, { recursive: true });
      urls.push((await readers[index]?.ask({ url: opened.url, directory })) ?? '');
      const began = performance.now();
      await readStatus(urls[index] ?? '', 0);
      firsts.push(`the first read after a start, ${name}: ${((performance.now() - began) / 1000).toFixed(2)} s`);
    }
    const contenders = pair.map((grown, index) => readingAfterNews(grown, urls[index] ?? ''));
    const [big = [], little = []] = await takeTurns(contenders, bench.turns);
    const still = pair.map((grown, index) => readingAgain(grown, urls[index] ?? ''));
    const [bigStill = [], littleStill = []] = await takeTurns(still, bench.turns);
    return {
      id: 'growth-status',
      what: 'GET /v1/status of all regions, by the number of events',
      checks: [
        check('time, after each new fact', times(big, little), GOALS.time),
        check('time, nothing new', times(bigStill, littleStill), GOALS.time),
      ],
      figures: figures([large, big], [small, little]),
      notes: firsts,
    };
  } catch (error) {
    // The first read holds all that is known in memory: with too much of it, its process ends.
    return {
      id: 'growth-status',
      what: 'GET /v1/status of all regions, by the number of events',
      checks: [check('time', once(Infinity), GOALS.time)],
      figures: [],
      notes: [`it could not be read: ${error instanceof Error ? error.message : String(error)}`],
    };
  } finally {
    for (const reader of readers) await reader.stop();
  }
}

function memoryRow({ events, seconds, maxRssMiB }: Rebuilt): Row {
  return {
    id: 'rss-rebuild',
    what: `the most memory of a process that rebuilds the facts of ${events} events`,
    checks: [check('memory', once(maxRssMiB), GOALS.memoryMiB, 'MiB')],
    figures: [],
    notes: [`${Math.round(events / seconds)} events/s, ${seconds.toFixed(1)} s`],
  };
}

async function rebuiltIn(url: string): Promise<Rebuilt> {
  const child = startChild<RebuildQuestion, Rebuilt>('rebuilder');
  try {
    return await child.ask({ url });
  } finally {
    await child.stop();
  }
}

/** How many times as long one takes. */
function times(big: readonly Sample[], little: readonly Sample[]) {
  return ratios(big, little, (sample) => 1 / rate(sample));
}

function figures(...all: readonly (readonly [Grown, readonly Sample[]])[]): readonly Figure[] {
  return all.map(([{ name }, samples]) => figure(name, samples));
}

function appending({ name, events, opened }: Grown): Contender {
  const incidents = new Round({ first: 1, count: Math.floor(events * OLDER_SHARE), step: STRIDE });
  return {
    name,
    slice: (milliseconds) =>
      callers(CALLERS, milliseconds, async () => {
        await verify(opened.log, incidents.next());
      }),
  };
}

type Target = { readonly report: number; readonly version: number };

/** Goes round among the incidents of some reports, again and again, and knows how many events each has by now. */
class Round {
  #visits = 0;

  /** `step` and `count` have no common divisor, so that each round visits all. */
  constructor(private readonly span: { readonly first: number; readonly count: number; readonly step: number }) {}

  next(): Target {
    const { first, count, step } = this.span;
    const target = { report: first + ((this.#visits * step) % count), version: 1 + Math.floor(this.#visits / count) };
    this.#visits += 1;
    return target;
  }
}

/** Somebody looks into the incident of a report. */
async function verify(log: PostgresEventLog, { report, version }: Target): Promise<number> {
  const outcome = await log.append(verification(incidentOf(report), version));
  if (outcome.kind !== 'appended') throw new Error(`incident ${report}: ${outcome.kind}`);
  return outcome.position;
}

function verification(incident: string, expected: number): Append {
  const data = { incident, level: 'verified_remote', severity: null } as const;
  return {
    writes: [
      {
        stream: `incident-${incident}`,
        expected,
        events: [{ event: { type: 'VerificationSet', data }, key: incident }],
      },
    ],
    meta: { by: { who: 'bench', role: 'verifier', party: null }, fingerprint: null, correlation: 'bench' },
  };
}

/** One reader: something of the last days is verified, and the status that knows of it is waited for. */
function readingAfterNews({ name, events, opened }: Grown, url: string): Contender {
  const recent = new Round({ first: Math.floor(events / 2) - NEWEST_LEFT_OUT - RECENT, count: RECENT, step: 1 });
  const read = async (): Promise<void> => {
    await readStatus(url, await verify(opened.log, recent.next()));
  };
  return { name, slice: (milliseconds) => callers(1, milliseconds, read) };
}

function readingAgain({ name }: Grown, url: string): Contender {
  return { name, slice: (milliseconds) => callers(1, milliseconds, () => readStatus(url, 0)) };
}

async function readStatus(url: string, minPosition: number): Promise<void> {
  const answer = await fetch(`${url}/v1/status?minPosition=${minPosition}`, {
    signal: AbortSignal.timeout(FIRST_READ_PATIENCE_MS),
  });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${body.slice(0, 300)}`);
}
