// Creates a small file once and atomically: it is complete or absent, and by default readable by its owner only.
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../error-code.js';

const OWNER_ONLY = 0o600;

/** Returns the content of the file, which `make` provides if there is none. Of concurrent callers one wins; all get its content. */
export async function readOrCreateFile(path: string, make: () => Promise<string>, mode = OWNER_ONLY): Promise<string> {
  const found = await readOrNull(path);
  if (found !== null) return found;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeDurably(draft, await make(), mode);
    await link(draft, path); // unlike rename(2), this does not replace a file that another process has created meanwhile
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
