// `barada migrate`: migrates the database schema to this version, and creates the database users of the processes.
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { createProcessUsers, migrate as runMigrations, PROCESSES, userOf, type ProcessName } from '#database';
import { readOrCreateFile } from '#platform';
import { withDatabase } from '../with-database.js';
import { printLine, type Output } from '../progress.js';
import { settings } from '../settings.js';

const PASSWORD_BYTES = 24;

export function migrate(out: Output = process.stdout): Command {
  return new Command('migrate')
    .description('migrate the database schema to this version')
    .option(
      '--users <folder>',
      'also create a database user for each process (api, relay, projector, alerter); its password is in ' +
        '<folder>/<process>/password and is generated if missing',
    )
    .action(async ({ users }: { readonly users?: string }) => {
      const done = await withDatabase(settings(), { create: true }, async (url) => {
        const names = await runMigrations(url);
        if (users !== undefined) await createProcessUsers(url, await readPasswords(users));
        return names;
      });
      for (const name of done) printLine(out, name);
      printLine(out, done.length === 0 ? 'The database is up to date.' : `${done.length} migrations applied.`);
      if (users !== undefined) printLine(out, `Database users: ${PROCESSES.map(userOf).join(', ')}.`);
    });
}

async function readPasswords(folder: string): Promise<Readonly<Record<ProcessName, string>>> {
  const [api, relay, projector, alerter] = await Promise.all([
    readPassword(folder, 'api'),
    readPassword(folder, 'relay'),
    readPassword(folder, 'projector'),
    readPassword(folder, 'alerter'),
  ]);
  return { api, relay, projector, alerter };
}

async function readPassword(folder: string, process: ProcessName): Promise<string> {
  const create = (): Promise<string> => Promise.resolve(`${randomBytes(PASSWORD_BYTES).toString('base64url')}\n`);
  return (await readOrCreateFile(join(folder, process, 'password'), create)).trim();
}
