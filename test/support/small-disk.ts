// A database on a disk of its own that can be filled: a small tmpfs with a tablespace, for tests under root on Linux.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closePool, dropDatabase, openPool, urlOfDatabase } from '#database';
import { eventually } from './eventually.js';

export type SmallDisk = {
  readonly url: string;
  fill(): void;
  free(): void;
  remove(): Promise<void>;
};

const SIZE = '48m';
const CHUNK = Buffer.alloc(64 * 1024);

/** Null if this machine cannot mount one, or the server runs elsewhere. */
export async function openSmallDisk(serverUrl: string): Promise<SmallDisk | null> {
  const name = `barada_small_${randomBytes(6).toString('hex')}`;
  const sql = openPool(serverUrl, { applicationName: 'test small disk', connections: 1 });
  try {
    const [server] = await sql<{ data: string }[]>`select current_setting('data_directory') as data`;
    const data = server?.data ?? '';
    if (process.getuid?.() !== 0 || !existsSync(data)) return null;
    const folder = mkdtempSync(join(tmpdir(), 'barada-disk-'));
    chmodSync(folder, 0o755);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]).status !== 0) return null;
    const space = join(folder, 'space');
    mkdirSync(space, { mode: 0o700 });
    const { uid, gid } = statSync(data);
    chownSync(space, uid, gid);
    await sql.unsafe(`create tablespace ${name} location '${space}'`);
    await sql.unsafe(`create database ${name} encoding 'UTF8' template template0 tablespace ${name}`);
    return diskOf(serverUrl, name, folder);
  } finally {
    await closePool(sql);
  }
}

function diskOf(serverUrl: string, name: string, folder: string): SmallDisk {
  const filler = join(folder, 'filler');
  return {
    url: urlOfDatabase(serverUrl, name),
    fill: () => {
      for (const size of [CHUNK.length, 1]) fillWith(filler, CHUNK.subarray(0, size));
    },
    free: () => {
      rmSync(filler, { force: true });
    },
    remove: async () => {
      await eventually(() => dropDatabase(serverUrl, name));
      const sql = openPool(serverUrl, { applicationName: 'test small disk', connections: 1 });
      try {
        // Files of dropped relations are removed by the next checkpoint.
        await sql`checkpoint`;
        await sql.unsafe(`drop tablespace ${name}`);
      } finally {
        await closePool(sql);
      }
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function fillWith(path: string, chunk: Buffer): void {
  for (;;) {
    try {
      appendFileSync(path, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
