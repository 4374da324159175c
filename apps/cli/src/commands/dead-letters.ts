// `barada dead-letters`: lists, retries or drops events that a projection failed to apply.
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { Settings } from '#platform';
import { dropDeadLetter, listDeadLetters, retryDeadLetters, type DeadLetter, type Projection } from '#projection';
import { DATABASE_COMMAND, type DatabaseCommandOptions, type OpenDatabase } from '../database.js';
import { Failure } from '../failure.js';
import { projectionNamed } from '../projections.js';

type DeadLetterContext = {
  readonly database: OpenDatabase;
  readonly config: Settings;
  readonly print: (line: string) => void;
};

export function deadLetters(options: DatabaseCommandOptions = DATABASE_COMMAND): Command {
  const command = new Command('dead-letters')
    .description('events that a projection failed to apply')
    .helpCommand(false);
  command
    .command('list')
    .description(
      'print the parked keys: projection, position of the failing event, key, since, number of waiting events, error',
    )
    .action(() => withOpenDatabase(options, list));
  command
    .command('retry')
    .description('apply the parked events in order; a key without failures is followed again')
    .argument('[key]', 'only this key; default: all parked keys')
    .option('--projection <name>', 'only keys of this projection')
    .action((key: string | undefined, { projection }: { readonly projection?: string }) =>
      withOpenDatabase(options, (context) => retryAll(context, { key, projection })),
    );
  command
    .command('drop')
    .description('skip the failing event at this position for good, record that, and apply the events that wait for it')
    .argument('<position>', 'as `list` prints it', position)
    .requiredOption('--projection <name>', 'the projection that failed to apply it')
    .option('--by <name>', 'who decided this', userInfo().username)
    .action((at: number, { projection, by }: { readonly projection: string; readonly by: string }) =>
      withOpenDatabase(options, (context) => dropOne(context, { at, projection, by })),
    );
  return command;
}

async function withOpenDatabase(
  { settings: read, open, out }: DatabaseCommandOptions,
  work: (context: DeadLetterContext) => Promise<void>,
): Promise<void> {
  const config = read();
  const database = await open(config);
  try {
    await work({ database, config, print: (line) => out.write(`${line}\n`) });
  } finally {
    await database.close();
  }
}

async function list({ database, print }: DeadLetterContext): Promise<void> {
  const letters = await listDeadLetters(database.databases.analysis);
  if (letters.length === 0) print('There are no dead letters.');
  for (const letter of letters) print(lineOf(letter));
}

function lineOf({ projection, position, key, since, waiting, error }: DeadLetter): string {
  return [projection, position, key, since, waiting, error.replaceAll(/\s+/g, ' ')].join('  ');
}

type Which = { readonly key: string | undefined; readonly projection: string | undefined };

async function retryAll(context: DeadLetterContext, { key, projection }: Which): Promise<void> {
  const letters = await listDeadLetters(context.database.databases.analysis);
  const meant = letters.filter(
    (letter) => (key ?? letter.key) === letter.key && (projection ?? letter.projection) === letter.projection,
  );
  if (meant.length === 0 && key !== undefined) throw new Failure(`${key} is not parked: see \`dead-letters list\`.`);
  if (meant.length === 0) context.print('There are no dead letters.');
  let stuck = 0;
  for (const letter of meant) {
    const isDone = await retryKey(context, projectionNamed(letter.projection, context.config), letter.key);
    if (!isDone) stuck += 1;
  }
  if (stuck > 0) throw new Failure(`${stuck} of ${meant.length} keys are still parked.`);
}

/** False where it is still parked. */
async function retryKey({ database, print }: DeadLetterContext, projection: Projection, key: string): Promise<boolean> {
  const retried = await retryDeadLetters(projection, key, { log: database.log, sql: database.databases.analysis });
  const summary = `${projection.name}  ${key}  ${retried?.folded ?? 0} applied`;
  const poison = retried?.culprit ?? null;
  print(poison === null ? `${summary}, up to date` : `${summary}, stuck at ${poison.position}: ${poison.error}`);
  return poison === null;
}

type PoisonEventChoice = { readonly at: number; readonly projection: string; readonly by: string };

async function dropOne(context: DeadLetterContext, { at, projection: name, by }: PoisonEventChoice): Promise<void> {
  const projection = projectionNamed(name, context.config);
  const dropped = await dropDeadLetter(name, at, { sql: context.database.databases.analysis, by });
  if (dropped === null) {
    throw new Failure(`No key of ${name} is parked at position ${at}: see \`dead-letters list\`.`);
  }
  context.print(`${name}  ${dropped.key}  dropped ${at}: ${dropped.error}`);
  if (!(await retryKey(context, projection, dropped.key))) throw new Failure(`${dropped.key} is still parked.`);
}

function position(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a position of the log, such as 1234.');
}
