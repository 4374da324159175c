#!/usr/bin/env node
// `npx barada`: runs the command line from the build, and builds first where the sources are newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(dirname(realpathSync(import.meta.filename)), '..', '..', '..');
const main = join(root, 'dist/apps/cli/src/main.js');
const stamp = join(root, 'dist/.tsbuildinfo');
const pinnedNode = join(root, 'node_modules/node/bin/node');
// zstd, in which backups are compressed, is in Node since 22.15.
const NODE_MAJOR_MIN = 24;

function newest(folder) {
  const sources = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith('.ts') || name.endsWith('.json'),
  );
  return Math.max(0, ...sources.map((name) => statSync(join(folder, name)).mtimeMs));
}

function isBuilt() {
  if (!existsSync(main) || !existsSync(stamp)) return false;
  return statSync(stamp).mtimeMs >= Math.max(newest(join(root, 'apps')), newest(join(root, 'libs')));
}

function build() {
  const tsc = join(root, 'node_modules/.bin/tsc');
  // The compiler's output must not be taken for the output of the command.
  const { status } = spawnSync(tsc, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  const now = new Date();
  utimesSync(stamp, now, now);
}

/** Runs this command again under the pinned Node, or exits with one sentence where that is not installed. */
function runUnderPinnedNode() {
  if (!existsSync(pinnedNode)) {
    console.error(
      `Barada needs Node ${NODE_MAJOR_MIN} or later, and this is ${process.version}: run "npm ci" or update Node.`,
    );
    process.exit(1);
  }
  const { status, signal } = spawnSync(pinnedNode, process.argv.slice(1), { stdio: 'inherit' });
  if (signal !== null) process.kill(process.pid, signal);
  process.exit(status ?? 1);
}

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) runUnderPinnedNode();
if (!isBuilt()) build();
// `npm start` runs in the root of the checkout; this may run in any folder of it.
process.env.BARADA_DIR ||= join(root, '.barada');
await import(main);
