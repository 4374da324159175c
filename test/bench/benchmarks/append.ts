// Appends by 64 callers: one event to an existing stream, and a new stream of three events.
import { randomUUID } from 'node:crypto';
import type { Bench } from '../bench.js';
import { cpuPerOperation, rate, ratios, type Goal, type Sample, type Spread } from '../harness/statistics.js';
import { check, measurementOf, type Check, type Measurement, type Row } from '../harness/row.js';
import { runCallers, alternate, type Contender } from '../harness/slices.js';
import { baradaStore } from '../peers/barada.js';
import { emmettStore } from '../peers/emmett.js';
import { installPeers } from '../peers/install.js';
import { messageDbStore } from '../peers/message-db.js';
import { plainInsertStore } from '../peers/plain-insert.js';
import type { NewEvent, Store } from '../peers/store.js';
import { violationContent } from '../scenario/reports.js';

export const CALLERS = 64;
const EVENTS_OF_NEW_STREAM = 3;
const GOALS = {
  existingRate: { atLeast: 6 },
  existingCpu: { atMost: 0.15 },
  newRate: { atLeast: 4 },
  messageDb: { atLeast: 6 },
  insert: { atLeast: 1.8 },
} as const satisfies Readonly<Record<string, Goal>>;

export async function append(bench: Bench, print: (line: string) => void): Promise<readonly Row[]> {
  installPeers(print);
  const stores = [
    baradaStore(await bench.database('append')),
    await emmettStore(await bench.database('emmett')),
    await messageDbStore(await bench.database('message_db')),
    await plainInsertStore(await bench.database('insert')),
  ];
  try {
    const existing = compare(stores, await alternate(await Promise.all(stores.map(toExisting)), bench.rounds));
    const fresh = compare(stores, await alternate(stores.map(toNew), bench.rounds));
    return rows(existing, fresh);
  } finally {
    for (const store of stores) await store.close();
  }
}

const REFERENCES = ['emmett', 'messageDb', 'insert'] as const;
type Reference = (typeof REFERENCES)[number];
type Comparison = {
  /** Our rate divided by the reference's. */
  readonly rate: (reference: Reference) => Spread;
  readonly cpu: (reference: Reference) => Spread;
  readonly measurements: readonly Measurement[];
};

function compare(stores: readonly Store[], samples: readonly (readonly Sample[])[]): Comparison {
  const [ours = [], ...theirs] = samples;
  const of = (reference: Reference): readonly Sample[] => theirs[REFERENCES.indexOf(reference)] ?? [];
  return {
    rate: (reference) => ratios(ours, of(reference), rate),
    cpu: (reference) => ratios(ours, of(reference), cpuPerOperation),
    measurements: stores.map(({ name }, index) => measurementOf(name, samples[index] ?? [])),
  };
}

function rows(existing: Comparison, fresh: Comparison): readonly Row[] {
  const both = (reference: Reference, goal: Goal): readonly [Check, Check] => [
    check('existing stream, rate', existing.rate(reference), goal),
    check('new stream of three, rate', fresh.rate(reference), goal),
  ];
  return [
    {
      id: 'append-existing',
      what: `one event to an existing stream, ${CALLERS} callers, against Emmett`,
      checks: [
        check('rate', existing.rate('emmett'), GOALS.existingRate),
        check('CPU', existing.cpu('emmett'), GOALS.existingCpu),
      ],
      measurements: existing.measurements,
    },
    {
      id: 'append-new-3',
      what: `a new stream of three events, ${CALLERS} callers, against Emmett`,
      checks: [check('rate', fresh.rate('emmett'), GOALS.newRate)],
      measurements: fresh.measurements,
    },
    {
      id: 'append-message-db',
      what: 'the same two, against write_message of message-db',
      checks: both('messageDb', GOALS.messageDb),
      measurements: [],
    },
    {
      id: 'append-insert',
      what: 'the same two, against one plain INSERT each',
      checks: both('insert', GOALS.insert),
      measurements: [],
    },
  ];
}

/** Each caller appends to its own stream at the version it has counted. */
async function toExisting({ name, append: appendTo }: Store): Promise<Contender> {
  const streams = Array.from({ length: CALLERS }, () => ({ stream: `report-${randomUUID()}`, version: 0 }));
  const next = async (caller: number): Promise<void> => {
    const known = streams[caller];
    if (!known) throw new Error(`no stream for caller ${caller}`);
    await appendTo(known.stream, known.version, [fact()]);
    known.version += 1;
  };
  // The first append creates the tables of stores that do so by themselves, which must not run concurrently.
  for (let caller = 0; caller < CALLERS; caller += 1) await next(caller);
  return { name, slice: (milliseconds) => runCallers(CALLERS, milliseconds, next) };
}

export function toNew({ name, append: appendTo }: Store): Contender {
  const begin = (): Promise<void> =>
    appendTo(
      `report-${randomUUID()}`,
      0,
      Array.from({ length: EVENTS_OF_NEW_STREAM }, () => fact()),
    );
  return { name, slice: (milliseconds) => runCallers(CALLERS, milliseconds, begin) };
}

const CONTENT = violationContent(
  'SY030702',
  ['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada'],
  '2017-01-15T10:00:00Z',
);

/** A report as the log stores it, about 700 bytes, with the metadata that detects repeats. */
function fact(): NewEvent {
  const report = randomUUID();
  const source = { monitor: 'm-0123456789abcdef', organisation: 'o-0123456789abcdef' };
  return {
    type: 'ReportSubmitted',
    data: { report, type: 'violation', source, flags: [], content: CONTENT, incident: report },
    meta: { by: { who: source.monitor, role: 'monitor', party: null }, fingerprint: report, correlation: report },
  };
}
