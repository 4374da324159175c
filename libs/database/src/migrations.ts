// The numbered SQL files of all libs.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from './package-root.js';

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** True if the previous release works on the schema after this migration: the file starts with `-- additive`. */
  readonly additive: boolean;
};

const ADDITIVE = /^-- additive\b/;
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** All `libs/<lib>/sql/NNNN-name.sql`, in order of number. */
export async function readMigrations(root: string = packageRoot()): Promise<readonly Migration[]> {
  const libs = await readdir(join(root, 'libs'));
  const migrations = (await Promise.all(libs.map((lib) => migrationsIn(join(root, 'libs', lib, 'sql'))))).flat();
  migrations.sort((one, other) => one.number - other.number);
  for (const [index, { number, name }] of migrations.entries()) {
    const before = migrations[index - 1];
    if (before?.number === number) throw new Error(`two migrations have one number: ${before.name}, ${name}`);
  }
  return migrations;
}

async function migrationsIn(folder: string): Promise<Migration[]> {
  const names = await readdir(folder).catch(() => []); // not every lib has tables
  return Promise.all(
    names.map(async (name) => {
      const number = FILE_NAME.exec(name)?.[1];
      if (number === undefined) throw new Error(`${join(folder, name)} is not named NNNN-name.sql`);
      const sql = await readFile(join(folder, name), 'utf8');
      const digest = createHash('sha256').update(sql).digest('hex');
      return { number: Number(number), name, sql, digest, additive: ADDITIVE.test(sql) };
    }),
  );
}
