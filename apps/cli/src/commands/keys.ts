// `barada keys`: what the processes of a distributed installation must share, made where it is missing.
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { readOrCreateFile, LocalIssuer, startFailureMessage, type Settings } from '#platform';
import { Failure } from '../failure.js';
import { printLine, type Output } from '../progress.js';
import { settings } from '../settings.js';

const SECRET_BYTES = 32;
const PASSWORD_BYTES = 24;
// PostgreSQL reads it as a user of its own; the folder is handed to nobody but it and ours.
const ALL_USERS = 0o644;

export function keys(out: Output = process.stdout): Command {
  return new Command('keys')
    .description('make what is missing of the keys of a distributed installation; what is there stays')
    .argument('<dir>', 'in it `api` is for the api processes alone, `database` for whoever speaks to PostgreSQL')
    .action(async (dir: string) => {
      const folder = resolve(dir);
      await makeKeys(folder, settings()).catch((error: unknown) => {
        throw error instanceof Failure ? error : new Failure(startFailureMessage(error));
      });
      printLine(out, `In ${folder}: api/secret, api/issuer-key, database/password.`);
      printLine(out, 'Keep a copy of the secret: without it nobody is recognised as the one who reported before.');
    });
}

/** The key that tokens are signed with stays in BARADA_DIR; the processes only ever see its public half. */
async function makeKeys(folder: string, { directory, secret: given }: Settings): Promise<void> {
  const secret = (given ?? randomBytes(SECRET_BYTES)).toString('hex');
  const kept = await keptLine(join(folder, 'api', 'secret'), secret);
  if (given !== null && kept !== secret)
    throw new Failure(`Another secret is in ${folder} already, and BARADA_SECRET is not it: leave BARADA_SECRET out.`);
  await keptLine(join(folder, 'database', 'password'), randomBytes(PASSWORD_BYTES).toString('base64url'), ALL_USERS);
  const issuer = await LocalIssuer.open(directory);
  const issuerKey = await keptLine(join(folder, 'api', 'issuer-key'), issuer.publicText().trim());
  if (issuerKey !== issuer.publicText().trim())
    throw new Failure(
      `${folder} has the key of another issuer than ${directory}: give BARADA_DIR the folder of that one.`,
    );
}

async function keptLine(path: string, text: string, mode?: number): Promise<string> {
  return (await readOrCreateFile(path, () => Promise.resolve(`${text}\n`), mode)).trim();
}
