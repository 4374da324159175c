// `barada rebuild`: rebuilds a projection from the log while the system runs, and switches to the result.
import { Command } from 'commander';
import {
  discardPrevious,
  rebuild as rebuildProjection,
  rollback,
  type Projection,
  type RebuildResult,
  type SideVersionParts,
} from '#projection';
import { DATABASE_COMMAND, type DatabaseCommandOptions } from '../database.js';
import { Failure } from '../failure.js';
import { Progress, type Output } from '../progress.js';
import { projectionNamed } from '../projections.js';

type Options = { readonly rollback?: boolean; readonly forget?: boolean };

export function rebuild({ settings: read, open, out }: DatabaseCommandOptions = DATABASE_COMMAND): Command {
  return new Command('rebuild')
    .description('rebuild a projection from the log beside the current one, compare both, and switch to the new one')
    .argument('<projection>', 'facts or alerts')
    .option('--rollback', 'switch back to the rows from before the last rebuild, brought up to date')
    .option('--forget', 'delete the rows from before the last rebuild')
    .action(async (name: string, options: Options) => {
      const config = read();
      const projection = projectionNamed(name, config);
      const { databases, log, close } = await open(config);
      try {
        await run(projection, options, { out, parts: { log, sql: databases.analysis } });
      } finally {
        await close();
      }
    });
}

type RebuildContext = { readonly out: Output; readonly parts: SideVersionParts };

async function run(projection: Projection, options: Options, { out, parts }: RebuildContext): Promise<void> {
  const progress = new Progress(out);
  const nothing = new Failure(`There are no rows of ${projection.name} from before a rebuild.`);
  if (options.forget === true) {
    if (!(await discardPrevious(projection, parts))) throw nothing;
    progress.line(`${projection.name}: the rows from before the last rebuild are deleted.`);
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
  const same = comparison.equal ? 'the same rows as before' : 'different rows than before';
  progress.line(`${name} at position ${comparison.position}: ${same}.`);
  for (const { table, live, rebuilt } of comparison.tables) {
    const isSame = live.rows === rebuilt.rows && live.digest === rebuilt.digest;
    const difference = `${live.rows} rows, digest ${live.digest} → ${rebuilt.rows} rows, digest ${rebuilt.digest}`;
    progress.line(`  ${table}: ${isSame ? `${live.rows} rows, digest ${live.digest}` : difference}`);
  }
  progress.line(`Switched at position ${position}. The previous rows are kept: --rollback, --forget.`);
}
