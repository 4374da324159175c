// `barada migrate`: migrates the database schema to this version.
import { Command } from 'commander';
import { migrate as runMigrations } from '#database';
import { withDatabase } from '../with-database.js';
import { printLine, type Output } from '../progress.js';
import { settings } from '../settings.js';

export function migrate(out: Output = process.stdout): Command {
  return new Command('migrate').description('migrate the database schema to this version').action(async () => {
    const done = await withDatabase(settings(), { create: true }, (url) => runMigrations(url));
    for (const name of done) printLine(out, name);
    printLine(out, done.length === 0 ? 'The database is up to date.' : `${done.length} migrations applied.`);
  });
}
