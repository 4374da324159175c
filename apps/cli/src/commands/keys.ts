// `barada keys`: creates the missing keys that the processes of a distributed installation share.
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { readOrCreateFile, LocalIssuer, startFailureMessage, type Settings } from '#platform';
import { Failure } from '../failure.js';
import { printLine, type Output } from '../progress.js';
import { settings } from '../settings.js';

const SECRET_BYTES = 32;
const PASSWORD_BYTES = 24;
// PostgreSQL reads it as another user; the folder is mounted only there and in our processes.
const ALL_USERS = 0o644;

export function keys(out: Output = process.stdout): Command {
  return new Command('keys')
    .description('create the missing keys of a distributed installation; existing keys are kept')
    .argument(
      '<dir>',
      'its folder `api` is for the api processes only, `database` for the processes that connect to PostgreSQL',
    )
    .action(async (dir: string) => {
      const folder = resolve(dir);
      await makeKeys(folder, settings()).catch((error: unknown) => {
        throw error instanceof Failure ? error : new Failure(startFailureMessage(error));
      });
      printLine(out, `In ${folder}: api/secret, api/issuer-key, database/password.`);
      printLine(out, 'Keep a copy of the secret: without it earlier reports cannot be matched to their monitors.');
    });
}

/** The private key that signs tokens stays in BARADA_DIR; the processes only get the public key. */
async function makeKeys(folder: string, { directory, secret: given }: Settings): Promise<void> {
  const secret = (given ?? randomBytes(SECRET_BYTES)).toString('hex');
  const kept = await keptLine(join(folder, 'api', 'secret'), secret);
  if (given !== null && kept !== secret)
    throw new Failure(`${folder} contains another secret than BARADA_SECRET: unset BARADA_SECRET.`);
  await keptLine(join(folder, 'database', 'password'), randomBytes(PASSWORD_BYTES).toString('base64url'), ALL_USERS);
  const issuer = await LocalIssuer.open(directory);
  const issuerKey = await keptLine(join(folder, 'api', 'issuer-key'), issuer.publicText().trim());
  if (issuerKey !== issuer.publicText().trim())
    throw new Failure(
      `${folder} contains the key of another issuer than ${directory}: set BARADA_DIR to the folder of that issuer.`,
    );
}

async function keptLine(path: string, text: string, mode?: number): Promise<string> {
  return (await readOrCreateFile(path, () => Promise.resolve(`${text}\n`), mode)).trim();
}
