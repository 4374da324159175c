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
type Part = (length: Length, say: (line: string) => void) => Promise<Outcome>;

const PARTS: Readonly<Record<string, Part>> = {
  postgres: async ({ kills, seed }, tell) => killPostgres({ kills, seed, folder: await newFolder('faults') }, tell),
  process: async ({ kills, seed }, tell) => killStandalone({ kills, seed, folder: await newFolder('faults') }, tell),
  distributed: async ({ minutes, seed }, tell) =>
    killDistributed({ minutes, seed, sleepMs: SLEEP_MS, folder: await newFolder('faults') }, tell),
};
const SLEEP_MS = 40_000;
const SEED_MAX = 2 ** 31;
/** All else that is counted ought not to be. */
const GOOD = new Set(['kills', 'acknowledged', 'alerts', 'done', 'met']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`known parts are ${Object.keys(PARTS).join(', ')}, not ${unknown.join(', ')}`);
const seed = Number(values.seed ?? randomInt(1, SEED_MAX));
const parts = Object.entries(PARTS).filter(([name]) => positionals.length === 0 || positionals.includes(name));

say(`seed ${seed}`);
for (const [name, part] of parts) {
  const length = { kills: Number(values.kills), minutes: Number(values.minutes), seed };
  const outcome = await part(length, (line) => {
    say(`${name}: ${line}`);
  });
  say(
    `${name}: ${Object.entries(outcome)
      .map(([figure, value]) => `${figure} ${shown(value)}`)
      .join('; ')}`,
  );
  const faults = Object.entries(outcome).filter(([figure, value]) => isFault(figure, value));
  for (const [figure, value] of faults) say(`${name}: FAILED: ${figure} ${shown(value)}`);
  if (faults.length > 0 || outcome['acknowledged'] === 0) process.exitCode = 1;
}
// After ten minutes of reset sockets Node was once seen to wait for their handles without an end.
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

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
