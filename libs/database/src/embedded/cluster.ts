// The files of an embedded PostgreSQL: data, password, log.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { postgresPrograms } from './binaries.js';
import { CannotStartPostgres } from './failure.js';
import { postgresUser, refuseUnreachable, type RunAs } from './user.js';

export type Cluster = {
  readonly folder: string;
  readonly data: string;
  readonly log: string;
  readonly program: string;
  readonly runAs: RunAs;
  readonly password: string;
};

export const SUPERUSER = 'postgres';
const PASSWORD_BYTES = 24;

/** Creates the folder if it does not exist. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, 'probe');
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotStartPostgres(
      `The folder ${folder} cannot be written to (${why}): set BARADA_DIR to another folder.`,
    );
  }
}

/** The cluster in the folder; created if there is none. */
export function openCluster(folder: string): Cluster {
  const { initdb, postgres } = postgresPrograms();
  const runAs = postgresUser();
  refuseUnreachable(folder, runAs);
  refuseUnreachable(dirname(postgres), runAs);
  const data = join(folder, 'data');
  const cluster = {
    folder,
    data,
    log: join(folder, 'postgres.log'),
    program: postgres,
    runAs,
    password: readOrMakePassword(folder, existsSync(data)),
  };
  if (!existsSync(data)) initialise(cluster, initdb);
  refuseForeignData(cluster);
  return cluster;
}

function readOrMakePassword(folder: string, dataIsThere: boolean): string {
  const file = join(folder, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (dataIsThere)
    throw new CannotStartPostgres(
      `The file ${file} is missing: restore it, because it is the password of the data in this folder.`,
    );
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

// Created under another name and then renamed, so that an incomplete cluster is never used.
function initialise(cluster: Cluster, initdb: string): void {
  const unfinished = `${cluster.data}.unfinished`;
  const passwordFile = `${cluster.folder}/password.initdb`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  for (const path of [unfinished, passwordFile]) changeOwner(path, cluster.runAs);
  const { status, stderr } = spawnSync(
    initdb,
    [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C', // text in byte order: the same on every machine
    ],
    { ...cluster.runAs, cwd: cluster.folder, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  rmSync(passwordFile, { force: true });
  if (status !== 0)
    throw new CannotStartPostgres(`PostgreSQL could not initialise its data in ${cluster.data}: ${stderr}`);
  renameSync(unfinished, cluster.data);
}

function changeOwner(path: string, runAs: RunAs): void {
  if ('uid' in runAs) chownSync(path, runAs.uid, runAs.gid);
}

function refuseForeignData({ data, runAs }: Cluster): void {
  const owner = statSync(data).uid;
  const expected = 'uid' in runAs ? runAs.uid : process.getuid?.();
  if (owner === expected) return;
  throw new CannotStartPostgres(
    `The data in ${data} belong to another user (uid ${owner}): start Barada as the user who created them, ` +
      'or set BARADA_DIR to another folder.',
  );
}
