// A small file that is made once: complete or not there, and unless said otherwise readable by its owner alone.
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../error-code.js';

const OWNER_ALONE = 0o600;

/** The file's content; where there is no file yet, `make`'s. Of several callers one wins, and all get its content. */
export async function readOrCreateFile(path: string, make: () => Promise<string>, mode = OWNER_ALONE): Promise<string> {
  const found = await readOrNull(path);
  if (found !== null) return found;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeDurably(draft, await make(), mode);
    await link(draft, path); // unlike a rename it does not replace what another has made meanwhile
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
