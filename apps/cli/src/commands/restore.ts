// `barada restore`: restores a backup into an empty database.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readManifest, restore as restoreBackup, secretFor, type Manifest } from '#backup';
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
    .description('restore a backup into an empty database')
    .argument('<dir>', 'the folder of the backup')
    .option('--drill', 'without subscriptions, so that the copy sends no webhooks')
    .option('--without-secret', 'restore although the secret is lost: earlier reports then belong to no monitor')
    .action(async (dir: string, { drill = false, withoutSecret = false }: Options) => {
      const folder = resolve(dir);
      const manifest = await restoreInto(folder, settings(), { drill, withoutSecret }, out);
      const { head, counts } = manifest;
      printLine(out, `Restored ${counts.events} events up to position ${head.position}; every digest matches.`);
      if (drill) printLine(out, 'Drill: subscriptions were left out.');
      printLine(out, 'The read models are rebuilt when the system starts: /health/ready shows when they are complete.');
    });
}

function restoreInto(
  folder: string,
  into: Settings,
  { drill, withoutSecret }: Required<Options>,
  out: Output,
): Promise<Manifest> {
  // The manifest is read first, so that no database is created for a missing backup.
  return withReadableBackup(folder, () =>
    withDatabase(into, { create: true }, async (url) => {
      const secret = await secretFor(folder, await findSecret(into));
      if (secret === null && !withoutSecret) throw new Failure(NO_SECRET);
      await migrate(url);
      const progress = progressReporter(out, 'restore');
      const manifest = await asOwner(url, 'restore', (sql) =>
        restoreBackup(folder, { sql, tables: BACKED_UP_TABLES, progress }, { drill }),
      );
      if (secret !== null && into.secret === null) await saveSecret(into, secret);
      return manifest;
    }),
  );
}

const NO_SECRET =
  'The backup does not contain the secret, and BARADA_DIR has none: copy the file `secret` of the old BARADA_DIR into ' +
  'the new one, or set BARADA_SECRET. Without it a repeated report counts as a new one, and earlier reports belong to ' +
  'no monitor; where it is lost for good, add --without-secret.';

async function withReadableBackup<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    await readManifest(folder);
  } catch (error) {
    throw asFailure(error);
  }
  return work();
}
