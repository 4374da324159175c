// The key of all pseudonyms and fingerprints. Without it, reports can no longer be linked to their monitor.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readOrCreateFile } from './read-or-create-file.js';
import type { Settings } from '../settings/settings.js';

const SECRET_BYTES = 32;
const FILE = 'secret';

/** BARADA_SECRET, else the file `secret` in BARADA_DIR, which is created if it does not exist. */
export async function readOrCreateSecret(settings: Settings): Promise<Buffer> {
  if (settings.secret !== null) return settings.secret;
  const path = join(settings.directory, FILE);
  const text = await readOrCreateFile(path, () => Promise.resolve(`${randomBytes(SECRET_BYTES).toString('hex')}\n`));
  const secret = Buffer.from(text.trim(), 'hex');
  if (secret.length === SECRET_BYTES) return secret;
  throw new Error(
    `${path} is damaged: restore it from a backup. Without it, reports can no longer be linked to their monitors.`,
  );
}

/** The same without creating one; null if there is none yet. */
export async function findSecret(settings: Settings): Promise<Buffer | null> {
  return settings.secret !== null || existsSync(join(settings.directory, FILE)) ? readOrCreateSecret(settings) : null;
}

/** Saves a restored secret in BARADA_DIR. Throws if another one is there. */
export async function saveSecret({ directory }: Settings, secret: Buffer): Promise<void> {
  const kept = await readOrCreateFile(join(directory, FILE), () => Promise.resolve(`${secret.toString('hex')}\n`));
  if (kept.trim() !== secret.toString('hex')) throw new Error(`${join(directory, FILE)} already holds another secret`);
}
