// The long form: npm run faults -- [postgres|process] --kills 200 --seed N
import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { newFolder } from '../support/folder.js';
import { killPostgres } from './kill-postgres.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? randomInt(1, 2 ** 31));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`seed ${seed}; parts ${positionals.join()}`);
const killed = await killPostgres({ kills, seed, folder: await newFolder('faults') }, say);
say(JSON.stringify(killed));
