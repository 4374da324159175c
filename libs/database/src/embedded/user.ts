// PostgreSQL refuses to run as root: then it runs as the user `postgres`, who must be able to reach its files.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { CannotStartPostgres } from './failure.js';

/** The user that PostgreSQL's programs run as; empty: the current user. */
export type RunAs = { readonly uid: number; readonly gid: number } | Record<string, never>;

const USER = 'postgres';

export function postgresUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  return findUser() ?? createUser();
}

/** Throws, naming the first folder on the path that the user may not enter. */
export function refuseUnreachable(path: string, runAs: RunAs): void {
  if (!('uid' in runAs)) return;
  const closed = foldersTo(path).find((folder) => !canEnter(folder, runAs));
  if (closed === undefined) return;
  throw new CannotStartPostgres(
    `As root, PostgreSQL runs as the user ${USER}, who cannot enter ${closed} on the path to ${path}: ` +
      `run "chmod o+x ${closed}", or start Barada as an ordinary user, or from a folder that all users may enter.`,
  );
}

function findUser(): { uid: number; gid: number } | null {
  const uid = number('-u');
  const gid = number('-g');
  return uid === null || gid === null ? null : { uid, gid };
}

function number(flag: string): number | null {
  const { status, stdout } = spawnSync('id', [flag, USER], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

function createUser(): RunAs {
  const { status } = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', USER]);
  const user = status === 0 ? findUser() : null;
  if (user) return user;
  throw new CannotStartPostgres(
    `PostgreSQL does not run as root, and the user ${USER} does not exist and could not be created: ` +
      `create it (useradd ${USER}), or start Barada as an ordinary user.`,
  );
}

function foldersTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...foldersTo(parent), path];
}

function canEnter(folder: string, runAs: RunAs): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$0"', folder], { ...runAs, cwd: '/' }).status === 0;
}
