// Installs the compared event stores (test/bench/package.json) when a benchmark first needs one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../libs/database/src/index.js';

const FOLDER = join(packageRoot(), 'test', 'bench');
const PEERS = createRequire(join(FOLDER, 'package.json'));

/** Runs `npm ci --prefix test/bench`. */
export function installPeers(print: (line: string) => void): void {
  if (existsSync(join(FOLDER, 'node_modules', '.package-lock.json'))) return;
  print('Installing the peers (npm ci --prefix test/bench) ...');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', FOLDER], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm ci --prefix test/bench failed: see above');
}

/** Their types are missing at compile time, so the caller declares what it uses. */
export async function peer<Module>(name: string): Promise<Module> {
  return (await import(pathToFileURL(PEERS.resolve(name)).href)) as Module;
}

/** The content of a file in a package. */
export function peerFile(packageName: string, ...path: string[]): string {
  return readFileSync(join(dirname(PEERS.resolve(`${packageName}/package.json`)), ...path), 'utf8');
}

export function peerVersion(packageName: string): string {
  const { version } = JSON.parse(readFileSync(join(FOLDER, 'node_modules', packageName, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
