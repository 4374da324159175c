// Files of a backup: compressed lines, written atomically, readable by their owner only.
import { hash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { BackupRefused } from './failure.js';

/** `sha256` is the digest of the compressed file, as `sha256sum` prints it. */
export type BackupFile = {
  readonly file: string;
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
};

export const UNFINISHED = '.unfinished';
export const LINES_END = '.ndjson.zst';

const OWNER_ONLY = 0o600;

/** Node has zstd since version 22.15. */
export function requireZstd(zstd: unknown = (zlib as Partial<typeof zlib>).zstdCompress): void {
  if (typeof zstd === 'function') return;
  throw new BackupRefused(
    `Node ${process.versions.node} has no zstd, which backups are compressed with: use Node 24, as \`npx barada\` does.`,
  );
}

/** Flushed to disk before it resolves; the file has its name only once it is complete. */
export async function writeDurably(path: string, content: Buffer | string): Promise<void> {
  const draft = `${path}${UNFINISHED}`;
  const file = await open(draft, 'w', OWNER_ONLY);
  try {
    await file.chmod(OWNER_ONLY); // the draft of an interrupted backup may exist
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

export async function writeLines(folder: string, name: string, lines: readonly string[]): Promise<BackupFile> {
  requireZstd();
  const file = `${name}${LINES_END}`;
  const text = lines.map((line) => `${line}\n`).join('');
  const content = await promisify(zlib.zstdCompress)(text);
  await writeDurably(join(folder, file), content);
  return { file, lines: lines.length, bytes: content.length, sha256: hash('sha256', content) };
}

/** The lines, or a sentence that says why they cannot be read. */
export async function readLines(folder: string, part: BackupFile): Promise<readonly string[] | string> {
  requireZstd();
  const content = await readVerified(folder, part);
  if (typeof content === 'string') return content;
  try {
    const text = (await promisify(zlib.zstdDecompress)(content)).toString('utf8');
    const lines = text === '' ? [] : text.slice(0, -1).split('\n');
    return lines.length === part.lines ? lines : `${part.file} has ${lines.length} lines instead of ${part.lines}`;
  } catch {
    return `${part.file} cannot be decompressed`;
  }
}

/** The file's bytes, or a sentence that says why they differ from what was written. */
export async function readVerified(folder: string, { file, bytes, sha256 }: BackupFile): Promise<Buffer | string> {
  try {
    const content = await readFile(join(folder, file));
    if (content.length !== bytes) return `${file} has ${content.length} bytes instead of ${bytes}`;
    return hash('sha256', content) === sha256 ? content : `${file} was changed: its SHA-256 is not the manifest's`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `${file} is missing` : `${file} cannot be read (${code ?? String(error)})`;
  }
}

// Makes the new name survive a power cut.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
