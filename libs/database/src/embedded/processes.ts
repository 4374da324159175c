// Which processes use a data folder: the Barada process that owns it, and PostgreSQL.
import { readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CannotStartPostgres } from './failure.js';

const OWNER_FILE = 'owner.json';
const PAUSE_MS = 20;

/** From postmaster.pid. The file may be stale and its pid may belong to another process by now. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

// Lines of postmaster.pid: https://www.postgresql.org/docs/18/storage-file-layout.html and miscadmin.h
const PID_LINE = 0;
const PORT_LINE = 3;
const STATUS_LINE = 7;

type Owner = { readonly pid: number; readonly started: string };

export function readPostmaster(dataFolder: string): Postmaster | null {
  const lines = readOrNull(join(dataFolder, 'postmaster.pid'))?.split('\n');
  const pid = Number(lines?.[PID_LINE]);
  if (!lines || !Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[PORT_LINE]), ready: lines[STATUS_LINE]?.trim() === 'ready' };
}

/** True if the process is alive and is the PostgreSQL of this folder: its working directory is the data folder. */
export function isPostgresOf(pid: number, dataFolder: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') return linkOrNull(`/proc/${pid}/cwd`) === realpathSync(dataFolder);
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.includes(dataFolder);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is alive and belongs to another user
  }
}

/** Resolves with true once the process has exited, with false after the timeout. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  for (const giveUpAt = Date.now() + timeoutMs; isAlive(pid);) {
    if (Date.now() > giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return true;
}

/** Locks the folder for this process. Refused while the process that locked it is alive. */
export function lockFolder(folder: string): void {
  const file = join(folder, OWNER_FILE);
  const us = { pid: process.pid, started: startTimeOf(process.pid) };
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(us), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = liveOwner(folder);
    if (owner && !isReusedPid(owner, us)) {
      throw new CannotStartPostgres(
        `Another Barada (process ${owner.pid}) is running on ${folder}: stop it, or set BARADA_DIR to another folder.`,
      );
    }
    rmSync(file, { force: true });
  }
}

/** The live process that has locked the folder, or null. */
export function liveOwner(folder: string): Owner | null {
  const owner = parsedOrNull(readOrNull(join(folder, OWNER_FILE)));
  return owner && isAlive(owner.pid) && startTimeOf(owner.pid) === owner.started ? owner : null;
}

export function unlockFolder(folder: string): void {
  rmSync(join(folder, OWNER_FILE), { force: true });
}

/** True if the file of an earlier process has our own pid, on systems that do not report process start times. */
function isReusedPid(owner: Owner, us: Owner): boolean {
  return owner.pid === us.pid && us.started === '';
}

/** Start time of a process in clock ticks, so that a reused pid is not mistaken for the old process. */
function startTimeOf(pid: number): string {
  const stat = readOrNull(`/proc/${pid}/stat`);
  const START_FIELD = 19; // counted after the program name, which may contain spaces: proc(5), starttime
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD] ?? '';
}

function parsedOrNull(text: string | null): Owner | null {
  try {
    return JSON.parse(text ?? 'null') as Owner | null;
  } catch {
    return null; // incomplete: its writer was killed
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function linkOrNull(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
