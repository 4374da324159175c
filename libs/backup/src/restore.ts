// Restores a backup into an empty database: all of it, or nothing.
import { inTransaction, type Sql } from '#database';
import { adoptLog } from '#event-log';
import { BackupDamaged, BackupRefused } from './failure.js';
import { readVerified } from './files.js';
import { findBegunProjection, insertEvents, insertFields, lockHead, readLastPosition, setHead } from './restore.sql.js';
import { writeRows, type BackupTable } from './table-rows.sql.js';
import type { LogSlice } from './lines.js';
import { readManifest, type Manifest } from './manifest.js';
import { readBackup, readTables, type ReportProgress } from './read-backup.js';
import { secretCheck } from './secret-check.js';

export type RestoreContext = {
  /** With the owner's rights, on a migrated database. */
  readonly sql: Sql;
  readonly tables: readonly BackupTable[];
  readonly progress: ReportProgress;
};

/** Events per statement. */
const BATCH_EVENTS = 2_000;

/**
 * Checks every promise of the log on the way; if one is broken, nothing is restored. One transaction: an interrupted
 * restore leaves the database empty. `drill` leaves out tables that make the system call out to others. Throws
 * BackupRefused and BackupDamaged.
 */
export async function restore(
  folder: string,
  { sql, tables, progress }: RestoreContext,
  { drill }: { readonly drill: boolean },
): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const total = manifest.head.position;
  await inTransaction(sql, async (session) => {
    await refuseNonEmpty(session);
    let done = 0;
    const faults = await readBackup(folder, manifest, async (slice, soFar) => {
      if (soFar.length === 0) await insertSlice(session, slice);
      done = slice.events.at(-1)?.row.position ?? done;
      progress(done, total);
    });
    if (faults.length > 0) throw new BackupDamaged(folder, faults);
    await setHead(session, manifest.head);
    const wanted = tables.filter(({ callsOut }) => !(drill && callsOut)).map(({ table }) => table);
    await insertTables(session, folder, manifest, wanted);
    // Copies of the lost log, such as a topic, may have events at positions that this one will give to others.
    await adoptLog(session, manifest.log?.log ?? null);
  });
  return manifest;
}

/**
 * The secret of the backup, from the backup or from `here`; null if there is neither. Throws BackupRefused if `here` is
 * another secret: with it, no monitor would be recognised as the author of their earlier reports.
 */
export async function secretFor(folder: string, here: Buffer | null): Promise<Buffer | null> {
  const { secret } = await readManifest(folder);
  if (here && secretCheck(here) !== secret.check) {
    throw new BackupRefused(
      'The secret here (BARADA_SECRET, or the file `secret` in BARADA_DIR) is not the one that the backup was made with: ' +
        'remove it, or replace it with the right one.',
    );
  }
  if (here || !secret.file) return here;
  const content = await readVerified(folder, secret.file);
  if (typeof content === 'string') throw new BackupDamaged(folder, [content]);
  const found = Buffer.from(content.toString('utf8').trim(), 'hex');
  if (secretCheck(found) === secret.check) return found;
  throw new BackupDamaged(folder, [`${secret.file.file} is not the secret that the log was written with`]);
}

async function refuseNonEmpty(session: Sql): Promise<void> {
  const locked = await lockHead(session);
  const position = Math.max(locked, await readLastPosition(session));
  if (position > 0) {
    throw new BackupRefused(
      `This database is not empty, its log reaches position ${position}: a backup can only be restored into an empty one. ` +
        'Set BARADA_DIR to a new folder, or DATABASE_URL to a new database.',
    );
  }
  const begun = await findBegunProjection(session);
  if (begun !== null)
    throw new BackupRefused(`This database is not empty: it has read models (${begun}). Use a new database.`);
}

async function insertSlice(session: Sql, { events, fields }: LogSlice): Promise<void> {
  for (let from = 0; from < events.length; from += BATCH_EVENTS) {
    const rows = events.slice(from, from + BATCH_EVENTS).map(({ row }) => row);
    await insertEvents(session, rows);
  }
  for (let from = 0; from < fields.length; from += BATCH_EVENTS) {
    const rows = fields.slice(from, from + BATCH_EVENTS).map(({ row }) => row);
    await insertFields(session, rows);
  }
}

async function insertTables(
  session: Sql,
  folder: string,
  manifest: Manifest,
  tables: readonly string[],
): Promise<void> {
  const rows = new Map<string, readonly string[]>();
  for (const kept of await readTables(folder, manifest)) {
    if (typeof kept === 'string') throw new BackupDamaged(folder, [kept]);
    rows.set(kept.table, kept.lines);
  }
  for (const table of tables) await writeRows(session, { table, lines: rows.get(table) ?? [] });
}
