// The long form: npm run faults -- [postgres] [process] [distributed] [--kills 200] [--minutes 10] [--seed N]
import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { newFolder } from '../support/folder.js';
import { killDistributed } from './distributed/kill-distributed.js';
import { killPostgres } from './kill-postgres.js';
import { killStandalone } from './kill-standalone.js';

type Outcome = Readonly<Record<string, number | boolean | readonly string[] | Readonly<Record<string, number>>>>;
type Length = { readonly kills: number; readonly minutes: number; readonly seed: number };
type Part = (length: Length, print: (line: string) => void) => Promise<Outcome>;

const PARTS: Readonly<Record<string, Part>> = {
  postgres: async ({ kills, seed }, print) => killPostgres({ kills, seed, folder: await newFolder('faults') }, print),
  process: async ({ kills, seed }, print) => killStandalone({ kills, seed, folder: await newFolder('faults') }, print),
  distributed: async ({ minutes, seed }, print) =>
    killDistributed({ minutes, seed, sleepMs: SLEEP_MS, folder: await newFolder('faults') }, print),
};
const SLEEP_MS = 40_000;
const SEED_MAX = 2 ** 31;
/** Every other count should be 0. */
const GOOD = new Set(['kills', 'acknowledged', 'alerts', 'injected', 'consumerCounts']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`Unknown part ${unknown.join(', ')}: use ${Object.keys(PARTS).join(', ')}.`);
const seed = Number(values.seed ?? randomInt(1, SEED_MAX));
const parts = Object.entries(PARTS).filter(([name]) => positionals.length === 0 || positionals.includes(name));

print(`seed ${seed}`);
for (const [name, part] of parts) {
  const length = { kills: Number(values.kills), minutes: Number(values.minutes), seed };
  const outcome = await part(length, (line) => {
    print(`${name}: ${line}`);
  });
  print(
    `${name}: ${Object.entries(outcome)
      .map(([figure, value]) => `${figure} ${shown(value)}`)
      .join('; ')}`,
  );
  const faults = Object.entries(outcome).filter(([figure, value]) => isFault(figure, value));
  for (const [figure, value] of faults) print(`${name}: FAILED: ${figure} ${shown(value)}`);
  if (faults.length > 0 || outcome['acknowledged'] === 0) process.exitCode = 1;
}
// Node was once seen to wait forever for the handles of sockets that were reset during ten minutes.
process.exit();

function isFault(figure: string, value: Outcome[string]): boolean {
  if (GOOD.has(figure)) return false;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value > 0 : Object.keys(value).length > 0;
}

function shown(value: Outcome[string] | undefined): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value !== 'object') return String(value);
  const counts = Object.entries(value).map(([what, count]) => `${what} ${String(count)}`);
  return `(${counts.join(', ')})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
