// npm run bench [-- benchmark or row ...] [-- --out FILE.json] [--rounds N] [--events N] [--quick]
// --events: number of events of the large log of the benchmark `growth`.
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Bench, LONG, QUICK } from './bench.js';
import { printRow } from './harness/print.js';
import { toReport, type Row } from './harness/row.js';
import { append } from './benchmarks/append.js';
import { pipelineCatchUp } from './benchmarks/pipeline-catch-up.js';
import { pipelineLatency } from './benchmarks/pipeline-latency.js';
import { pipelineThroughput } from './benchmarks/pipeline-throughput.js';
import { flushes } from './benchmarks/flushes.js';
import { growth } from './benchmarks/growth.js';
import { httpIntake } from './benchmarks/http-intake.js';
import { latency } from './benchmarks/latency.js';
import { readLog } from './benchmarks/read-log.js';
import { rebuilding } from './benchmarks/rebuild.js';

type Print = (line: string) => void;
type Benchmark = {
  readonly name: string;
  readonly rows: readonly string[];
  readonly run: (bench: Bench, print: Print) => Promise<readonly Row[]>;
};

const BENCHMARKS: readonly Benchmark[] = [
  {
    name: 'append',
    rows: ['append-existing', 'append-new-3', 'append-message-db', 'append-insert'],
    run: append,
  },
  { name: 'flushes', rows: ['flushes'], run: flushes },
  { name: 'http', rows: ['http-intake'], run: httpIntake },
  { name: 'read', rows: ['read-log'], run: readLog },
  { name: 'rebuild', rows: ['rebuild'], run: rebuilding },
  { name: 'latency', rows: ['latency'], run: latency },
  { name: 'growth', rows: ['growth-append', 'growth-status', 'rss-rebuild', 'rss-status'], run: growth },
  // The distributed system with its own Kafka.
  { name: 'chain', rows: ['chain-throughput'], run: pipelineThroughput },
  { name: 'chain', rows: ['chain-latency'], run: pipelineLatency },
  { name: 'chain', rows: ['chain-catch-up'], run: pipelineCatchUp },
];
const ROUNDS = 5;
const ROUNDS_QUICK = 3;
const BYTES_PER_GIB = 2 ** 30;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    rounds: { type: 'string' },
    events: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

process.exitCode = await main(select(positionals), console.log);

async function main(parts: readonly Benchmark[], print: Print): Promise<number> {
  const preset = values.quick ? QUICK : LONG;
  const rounds = count('rounds', values.rounds ?? String(values.quick ? ROUNDS_QUICK : ROUNDS));
  const sizes = { ...preset, growthLarge: count('events', values.events ?? String(preset.growthLarge)) };
  const bench = await Bench.start(rounds, sizes);
  const rows: Row[] = [];
  print(`${machine()}\n${rounds} rounds, slices of ${sizes.sliceMs} ms, medians (lowest–highest)`);
  try {
    for (const part of parts) {
      const found = await part.run(bench, print);
      for (const row of found) printRow(row, print);
      rows.push(...found);
      if (values.out !== undefined) writeOut(values.out, { rounds, rows });
    }
  } finally {
    await bench.stop();
  }
  return 0;
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${option} must be a positive integer`);
}

/** Called after each benchmark, so that results survive a failure of a later one. */
function writeOut(file: string, { rounds, rows }: { rounds: number; rows: readonly Row[] }): void {
  const report = {
    machine: machine(),
    quick: values.quick,
    rounds,
    measuredAt: new Date().toISOString(),
    rows: rows.map(toReport),
  };
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Selects benchmarks by their name or by the name of a row; no names select all. */
function select(names: readonly string[]): readonly Benchmark[] {
  const known = BENCHMARKS.flatMap(({ name, rows }) => [name, ...rows]);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`Unknown benchmark ${unknown.join(', ')}: use ${[...new Set(known)].join(', ')}.`);
  if (names.length === 0) return BENCHMARKS;
  return BENCHMARKS.filter(({ name, rows }) => [name, ...rows].some((each) => names.includes(each)));
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / BYTES_PER_GIB);
  return `${cpus().length} × ${cpu?.model ?? 'CPU'}, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}, embedded PostgreSQL 18`;
}
