// `barada dead-letters`: events that a read model could not fold, and what is to become of them.
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { Settings } from '#platform';
import { dropDeadLetter, listDeadLetters, retryDeadLetters, type DeadLetter, type Projection } from '#projection';
import { openDatabase, type OpenDatabase } from '../database.js';
import { Failure } from '../failure.js';
import type { Output } from '../progress.js';
import { projectionNamed } from '../projections.js';
import { settings } from '../settings.js';

type Surroundings = {
  readonly settings: () => Settings;
  readonly open: (settings: Settings) => Promise<OpenDatabase>;
  readonly out: Output;
};
type Hands = { readonly database: OpenDatabase; readonly given: Settings; readonly say: (line: string) => void };

const HERE: Surroundings = { settings, open: openDatabase, out: process.stdout };

export function deadLetters(surroundings: Surroundings = HERE): Command {
  const command = new Command('dead-letters').description('events that a read model cannot fold').helpCommand(false);
  command
    .command('list')
    .description('print the parked keys: projection, position of the culprit, key, since, how many wait behind, why')
    .action(() => withOpenDatabase(surroundings, list));
  command
    .command('retry')
    .description('fold what is parked, in order; a key that can be folded goes on with the others')
    .argument('[key]', 'only this key; left out: all that are parked')
    .option('--projection <name>', 'only those of this read model')
    .action((key: string | undefined, { projection }: { readonly projection?: string }) =>
      withOpenDatabase(surroundings, (hands) => retryAll(hands, { key, projection })),
    );
  command
    .command('drop')
    .description('leave the culprit at this position out for good, which is recorded, and fold what waits behind it')
    .argument('<position>', 'as `list` prints it', position)
    .requiredOption('--projection <name>', 'the read model that cannot fold it')
    .option('--by <name>', 'who decided that', userInfo().username)
    .action((at: number, { projection, by }: { readonly projection: string; readonly by: string }) =>
      withOpenDatabase(surroundings, (hands) => dropOne(hands, { at, projection, by })),
    );
  return command;
}

async function withOpenDatabase(
  { settings: read, open, out }: Surroundings,
  work: (hands: Hands) => Promise<void>,
): Promise<void> {
  const given = read();
  const database = await open(given);
  try {
    await work({ database, given, say: (line) => out.write(`${line}\n`) });
  } finally {
    await database.close();
  }
}

async function list({ database, say }: Hands): Promise<void> {
  const letters = await listDeadLetters(database.databases.analysis);
  if (letters.length === 0) say('There are no dead letters.');
  for (const letter of letters) say(lineOf(letter));
}

function lineOf({ projection, position, key, since, waiting, error }: DeadLetter): string {
  return [projection, position, key, since, waiting, error.replaceAll(/\s+/g, ' ')].join('  ');
}

type Which = { readonly key: string | undefined; readonly projection: string | undefined };

async function retryAll(hands: Hands, { key, projection }: Which): Promise<void> {
  const letters = await listDeadLetters(hands.database.databases.analysis);
  const meant = letters.filter(
    (letter) => (key ?? letter.key) === letter.key && (projection ?? letter.projection) === letter.projection,
  );
  if (meant.length === 0 && key !== undefined) throw new Failure(`${key} is not parked: see \`dead-letters list\`.`);
  if (meant.length === 0) hands.say('There are no dead letters.');
  let stuck = 0;
  for (const letter of meant) {
    const isDone = await retryKey(hands, projectionNamed(letter.projection, hands.given), letter.key);
    if (!isDone) stuck += 1;
  }
  if (stuck > 0) throw new Failure(`${stuck} of ${meant.length} keys are still parked.`);
}

/** False where it is still parked. */
async function retryKey({ database, say }: Hands, projection: Projection, key: string): Promise<boolean> {
  const retried = await retryDeadLetters(projection, key, { log: database.log, sql: database.databases.analysis });
  const folded = `${projection.name}  ${key}  ${retried?.folded ?? 0} folded`;
  const culprit = retried?.culprit ?? null;
  say(culprit === null ? `${folded}, up to date` : `${folded}, stuck at ${culprit.position}: ${culprit.error}`);
  return culprit === null;
}

type PoisonEventChoice = { readonly at: number; readonly projection: string; readonly by: string };

async function dropOne(hands: Hands, { at, projection: name, by }: PoisonEventChoice): Promise<void> {
  const projection = projectionNamed(name, hands.given);
  const dropped = await dropDeadLetter(name, at, { sql: hands.database.databases.analysis, by });
  if (dropped === null) {
    throw new Failure(`No key of ${name} is stuck at position ${at}: \`dead-letters list\` prints those that are.`);
  }
  hands.say(`${name}  ${dropped.key}  dropped ${at}: ${dropped.error}`);
  if (!(await retryKey(hands, projection, dropped.key))) throw new Failure(`${dropped.key} is still parked.`);
}

function position(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a position of the log, such as 1234.');
}
