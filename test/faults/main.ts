// The long form: npm run faults -- [postgres] [process] [--kills 200] [--seed N]
import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { newFolder } from '../support/folder.js';
import { killPostgres } from './kill-postgres.js';
import { killTheProcess } from './kill-the-process.js';

type Outcome = Readonly<Record<string, number | boolean | readonly string[]>>;

const PARTS = { postgres: killPostgres, process: killTheProcess } as const;
const SEED_MAX = 2 ** 31;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? randomInt(1, SEED_MAX));
const parts = Object.entries(PARTS).filter(([name]) => positionals.length === 0 || positionals.includes(name));

say(`seed ${seed}`);
for (const [name, part] of parts) {
  const outcome: Outcome = await part({ kills, seed, folder: await newFolder('faults') }, (line) => {
    say(`${name}: ${line}`);
  });
  const { kills: killed, acknowledged, lost, doubled, wedged = 0 } = outcome;
  say(
    `${name}: kills ${shown(killed)}, acknowledged ${shown(acknowledged)}, lost ${shown(lost)}, doubled ${shown(doubled)}, wedged ${shown(wedged)}`,
  );
  const faults = Object.entries(outcome).filter(([figure, value]) => isFault(figure, value));
  for (const [figure, value] of faults) say(`${name}: FAILED: ${figure} ${shown(value)}`);
  if (faults.length > 0 || acknowledged === 0) process.exitCode = 1;
}

/** Whatever is counted besides the kills and the acknowledged ought not to be. */
function isFault(figure: string, value: Outcome[string]): boolean {
  if (figure === 'kills' || figure === 'acknowledged') return false;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value > 0 : value.length > 0;
}

function shown(value: Outcome[string] | undefined): string {
  return typeof value === 'object' ? value.join(', ') : String(value);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
