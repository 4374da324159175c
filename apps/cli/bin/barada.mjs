#!/usr/bin/env node
// `npx barada`: runs the command line from the build, and builds first where the sources are newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(dirname(realpathSync(import.meta.filename)), '..', '..', '..');
const main = join(root, 'dist/apps/cli/src/main.js');
const stamp = join(root, 'dist/.tsbuildinfo');

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
  // What the compiler says must not be taken for what the command prints.
  const { status } = spawnSync(tsc, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  const now = new Date();
  utimesSync(stamp, now, now);
}

if (!isBuilt()) build();
// `npm start` runs in the root of the checkout; this may run in any folder of it.
process.env.BARADA_DIR ||= join(root, '.barada');
await import(main);
