// `barada rebuild`: makes a read model anew from the log while the system runs, and puts it in place.
import { Command } from 'commander';
import type { Settings } from '#platform';
import {
  discardPrevious,
  rebuild as rebuildProjection,
  rollback,
  type Projection,
  type RebuildResult,
  type SideVersionParts,
} from '#projection';
import { openDatabase, type OpenDatabase } from '../database.js';
import { Failure } from '../failure.js';
import { Progress, type Output } from '../progress.js';
import { projectionNamed } from '../projections.js';
import { settings } from '../settings.js';

type Options = { readonly rollback?: boolean; readonly forget?: boolean };
type Surroundings = {
  readonly settings: () => Settings;
  readonly open: (settings: Settings) => Promise<OpenDatabase>;
  readonly out: Output;
};

const HERE: Surroundings = { settings, open: openDatabase, out: process.stdout };

export function rebuild({ settings: read, open, out }: Surroundings = HERE): Command {
  return new Command('rebuild')
    .description('make a read model anew from the log beside the one that is read, compare both, and put it in place')
    .argument('<projection>', 'facts or alerts')
    .option('--rollback', 'put the rows back that were read before the last rebuild, brought up to date')
    .option('--forget', 'free the room that the rows from before the last rebuild take')
    .action(async (name: string, options: Options) => {
      const given = read();
      const projection = projectionNamed(name, given);
      const { databases, log, close } = await open(given);
      try {
        await run(projection, options, { out, parts: { log, sql: databases.analysis } });
      } finally {
        await close();
      }
    });
}

type Hands = { readonly out: Output; readonly parts: SideVersionParts };

async function run(projection: Projection, options: Options, { out, parts }: Hands): Promise<void> {
  const progress = new Progress(out);
  const nothing = new Failure(`No rows of ${projection.name} from before a rebuild are kept.`);
  if (options.forget === true) {
    if (!(await discardPrevious(projection, parts))) throw nothing;
    progress.line(`${projection.name}: the rows from before the last rebuild are gone.`);
    return;
  }
  const onProgress = (position: number, goal: number): void => {
    progress.step(position, goal);
  };
  const whatToDo = options.rollback === true ? rollback : rebuildProjection;
  const done = await whatToDo(projection, { ...parts, onProgress });
  if (done === null) throw nothing;
  report(projection, done, progress);
}

function report({ name }: Projection, { comparison, position }: RebuildResult, progress: Progress): void {
  const same = comparison.equal ? 'the same rows as before' : 'other rows than before';
  progress.line(`${name} at position ${comparison.position}: ${same}.`);
  for (const { table, live, rebuilt } of comparison.tables) {
    const isSame = live.rows === rebuilt.rows && live.digest === rebuilt.digest;
    const difference = `${live.rows} rows, digest ${live.digest} → ${rebuilt.rows} rows, digest ${rebuilt.digest}`;
    progress.line(`  ${table}: ${isSame ? `${live.rows} rows, digest ${live.digest}` : difference}`);
  }
  progress.line(`Put in place at position ${position}. The rows from before are kept: --rollback, --forget.`);
}
