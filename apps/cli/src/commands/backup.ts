// `barada backup`: writes the log to a folder while the system runs.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { backup as backUp, type BackupOptions, type Manifest } from '#backup';
import { findSecret, type Settings } from '#platform';
import { Failure } from '../failure.js';
import { asOwner, withDatabase } from '../with-database.js';
import { BACKED_UP_TABLES } from '../backup-tables.js';
import { progressReporter, printLine, type Output } from '../progress.js';
import { settings } from '../settings.js';

type Options = { readonly continue?: boolean; readonly withSecret?: boolean };

export function backup(out: Output = process.stdout): Command {
  return new Command('backup')
    .description('write the log to a folder while the system runs')
    .argument('<dir>', 'a folder that contains only the backup')
    .option('--continue', 'add new events to the backup in the folder; the first time a full backup is written')
    .option('--with-secret', 'include the secret: whoever has the backup can then find out who sent which report')
    .action(async (dir: string, { continue: continued = false, withSecret = false }: Options) => {
      const folder = resolve(dir);
      const manifest = await takeBackup(folder, settings(), { continued, withSecret }, out);
      for (const line of summary(folder, manifest)) printLine(out, line);
    });
}

function takeBackup(folder: string, from: Settings, options: BackupOptions, out: Output): Promise<Manifest> {
  return withDatabase(from, {}, async (url) => {
    const secret = await findSecret(from);
    if (secret === null) {
      throw new Failure(
        `The secret is not in ${from.directory}: set BARADA_DIR to the folder of the system, or BARADA_SECRET.`,
      );
    }
    const progress = progressReporter(out, 'backup');
    const now = (): string => new Date().toISOString();
    return asOwner(url, 'backup', (sql) =>
      backUp(folder, { sql, tables: BACKED_UP_TABLES, secret, now, progress }, options),
    );
  });
}

function summary(folder: string, { head, counts, digests, secret }: Manifest): readonly string[] {
  return [
    `Backup of ${counts.events} events up to position ${head.position} (${head.recordedAt ?? 'nothing recorded'}) in ${folder}`,
    `digest of the events ${digests.events}`,
    ...(secret.file
      ? ['The backup contains the secret: protect it like the names of your sources.']
      : [
          'The backup does not contain the secret: keep a copy of BARADA_SECRET, or of the file `secret` in BARADA_DIR, elsewhere.',
        ]),
  ];
}
