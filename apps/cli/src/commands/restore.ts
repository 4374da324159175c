// `barada restore`: brings a backup into an empty database.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readManifest, restore as bringBack, secretFor, type Manifest } from '#backup';
import { migrate } from '#database';
import { findSecret, saveSecret, type Settings } from '#platform';
import { Failure } from '../failure.js';
import { asFailure, asOwner, withDatabase } from '../with-database.js';
import { BACKED_UP_TABLES } from '../backup-tables.js';
import { progressReporter, printLine, type Output } from '../progress.js';
import { settings } from '../settings.js';

type Options = { readonly drill?: boolean; readonly withoutSecret?: boolean };

export function restore(out: Output = process.stdout): Command {
  return new Command('restore')
    .description('bring a backup into an empty database')
    .argument('<dir>', 'the folder of the backup')
    .option('--drill', 'without subscriptions, so that a copy calls nobody')
    .option('--without-secret', 'go on where the secret is lost: earlier reports are then nobody’s')
    .action(async (dir: string, { drill = false, withoutSecret = false }: Options) => {
      const folder = resolve(dir);
      const manifest = await restoreInto(folder, settings(), { drill, withoutSecret }, out);
      const { head, counts } = manifest;
      printLine(out, `Restored ${counts.events} events up to position ${head.position}; every digest fits.`);
      if (drill) printLine(out, 'A drill: subscriptions were left out.');
      printLine(out, 'The read models are made anew when the system starts: /health/ready tells when they are there.');
    });
}

function restoreInto(
  folder: string,
  into: Settings,
  { drill, withoutSecret }: Required<Options>,
  out: Output,
): Promise<Manifest> {
  // Reading the manifest first: no database is made for a backup that is not there.
  return withReadableBackup(folder, () =>
    withDatabase(into, { make: true }, async (url) => {
      const secret = await secretFor(folder, await findSecret(into));
      if (secret === null && !withoutSecret) throw new Failure(NO_SECRET);
      await migrate(url);
      const progress = progressReporter(out, 'restore');
      const manifest = await asOwner(url, 'restore', (sql) =>
        bringBack(folder, { sql, tables: BACKED_UP_TABLES, progress }, { drill }),
      );
      if (secret !== null && into.secret === null) await saveSecret(into, secret);
      return manifest;
    }),
  );
}

const NO_SECRET =
  'The backup was made without the secret, and there is none here: put the file `secret` of the old BARADA_DIR into ' +
  'the new one, or set BARADA_SECRET. Without it a repeated report is taken for a new one and nobody’s earlier reports ' +
  'are theirs; where it is lost for good, add --without-secret.';

async function withReadableBackup<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    await readManifest(folder);
  } catch (error) {
    throw asFailure(error);
  }
  return work();
}
