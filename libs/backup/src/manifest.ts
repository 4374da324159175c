// The manifest: what a backup contains, sealed with a digest.
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '#domain';
import type { LogIdentity, Position } from '#event-log';
import { BackupDamaged, BackupRefused } from './failure.js';
import { writeDurably, type BackupFile } from './files.js';
import type { LogDigests, LogHead } from './log-check.js';

export const FORMAT = 1;
export const MANIFEST = 'manifest.json';

/** Positions `from` to `to`, both included. */
export type Segment = {
  readonly from: Position;
  readonly to: Position;
  readonly events: BackupFile;
  readonly confidential: BackupFile;
};

export type Manifest = {
  readonly format: typeof FORMAT;
  readonly writtenAt: Instant;
  /** Which log this is; backups of the first release do not say. */
  readonly log?: LogIdentity;
  /** Head of the log when the backup began: the backup contains everything up to there, and nothing after it. */
  readonly head: LogHead;
  readonly counts: { readonly events: number; readonly confidential: number };
  /** Running digests over all lines: see running-digest.ts. */
  readonly digests: LogDigests;
  /** `check` identifies the secret that the log was written with; `file` is null if the backup does not contain it. */
  readonly secret: { readonly check: string; readonly file: BackupFile | null };
  readonly segments: readonly Segment[];
  /** The tables that cannot be rebuilt from the log, as of the same moment. */
  readonly rows: readonly (BackupFile & { readonly table: string })[];
};

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(folder, MANIFEST), `${JSON.stringify({ ...manifest, seal: sealOf(manifest) }, null, 2)}\n`);
}

/** Null if there is none. */
export async function findManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : unsealed(folder, text);
}

export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = await findManifest(folder);
  if (manifest) return manifest;
  throw new BackupRefused(`There is no backup in ${folder}: it has no ${MANIFEST}. Name the folder of a backup.`);
}

function unsealed(folder: string, text: string): Manifest {
  const { seal, ...manifest } = parsed(folder, text);
  if (manifest.format !== FORMAT && seal === sealOf(manifest as Manifest)) {
    throw new BackupRefused(
      `The backup in ${folder} has format ${String(manifest.format)}, which is newer than this release: update Barada.`,
    );
  }
  if (seal !== sealOf(manifest as Manifest)) {
    throw new BackupDamaged(folder, [`${MANIFEST} was changed: its seal does not match`]);
  }
  return manifest as Manifest;
}

function parsed(folder: string, text: string): { readonly seal?: unknown; readonly format?: unknown } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    throw new BackupDamaged(folder, [`${MANIFEST} is not JSON`]);
  }
}

function sealOf(manifest: Manifest): string {
  return hash('sha256', JSON.stringify(manifest));
}
