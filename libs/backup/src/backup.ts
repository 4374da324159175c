// Writes a backup of the log into a folder, while the system runs.
import { constants } from 'node:fs';
import { access, chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inTransaction, type Sql } from '#database';
import type { Instant } from '#domain';
import type { Position } from '#event-log';
import { BackupDamaged, BackupRefused } from './failure.js';
import { LINES_END, requireZstd, UNFINISHED, writeDurably, writeLines, type BackupFile } from './files.js';
import { tryBackupLock, useReadOnlySnapshot } from './backup.sql.js';
import { readRows, type TableRows, type BackupTable } from './table-rows.sql.js';
import type { LogSlice } from './lines.js';
import type { LogDigests, LogHead } from './log-check.js';
import { readLogIdentity } from '#event-log';
import { findManifest, FORMAT, MANIFEST, writeManifest, type Manifest, type Segment } from './manifest.js';
import { readSegment, type ReportProgress } from './read-backup.js';
import { readHead, readLog } from './read-log.sql.js';
import { digestAfter, EMPTY_DIGEST } from './running-digest.js';
import { secretCheck } from './secret-check.js';
import { hash, randomBytes } from 'node:crypto';

export type BackupContext = {
  /** With the owner's rights and one connection, which holds the lock against a second backup. */
  readonly sql: Sql;
  readonly tables: readonly BackupTable[];
  readonly secret: Buffer;
  readonly now: () => Instant;
  readonly progress: ReportProgress;
};

export type BackupOptions = {
  /** Adds to the backup in the folder; if there is none, makes a full one. */
  readonly continued: boolean;
  readonly withSecret: boolean;
};

/** Bounds memory: about 30 MB of JSON. */
const SEGMENT_EVENTS = 50_000;
const POSITION_DIGITS = 12;
const BACKUP_FILE = new RegExp(
  `^(events|confidential|rows)-.*\\${LINES_END}(\\${UNFINISHED})?$|\\${UNFINISHED}$|^secret-[0-9a-f]+$`,
);

type BackupContents = Pick<Manifest, 'head' | 'counts' | 'digests' | 'segments'>;

const EMPTY: BackupContents = {
  head: { position: 0, recordedAt: null },
  counts: { events: 0, confidential: 0 },
  digests: { events: EMPTY_DIGEST, confidential: EMPTY_DIGEST },
  segments: [],
};

/**
 * Everything up to the log's head at the time of the call, and `tables` as of the same moment. The folder is a complete
 * backup at any time: the new manifest replaces the old one as the last step. Throws BackupRefused and BackupDamaged.
 */
export async function backup(folder: string, parts: BackupContext, options: BackupOptions): Promise<Manifest> {
  requireZstd();
  await takeBackupLock(parts.sql);
  await openFolder(folder);
  const last = await lastBackup(folder, options);
  await removeStaleFiles(folder, last);
  const { head, rows } = await snapshot(parts);
  if (last) await refuseForeignBackup(folder, last, head, parts);
  const taken = await writeSegments(folder, last ?? EMPTY, head, parts);
  const manifest: Manifest = {
    format: FORMAT,
    writtenAt: parts.now(),
    log: await readLogIdentity(parts.sql),
    ...taken,
    secret: await writeSecret(folder, parts.secret, options, last),
    rows: await writeTables(folder, head.position, rows),
  };
  await writeManifest(folder, manifest);
  await removeStaleFiles(folder, manifest);
  return manifest;
}

/** Creates the folder if needed and makes it private. */
async function openFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A folder with other files is refused below, and must not be changed.
    if ((await readdir(folder)).length === 0) await chmod(folder, 0o700);
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BackupRefused(
      `The folder ${folder} cannot be used for a backup (${code ?? String(error)}): it must be a folder that belongs to ` +
        `the user who runs the backup (uid ${process.getuid?.() ?? 'unknown'}). Change its owner, or name another folder.`,
    );
  }
}

async function takeBackupLock(sql: Sql): Promise<void> {
  if (await tryBackupLock(sql)) return;
  throw new BackupRefused('Another backup of this database is running: wait until it has finished.');
}

async function lastBackup(folder: string, { continued }: BackupOptions): Promise<Manifest | null> {
  const last = await findManifest(folder);
  if (last && !continued) {
    throw new BackupRefused(`There is already a backup in ${folder}: add --continue, or name another folder.`);
  }
  const strangers = (await readdir(folder)).filter((name) => name !== MANIFEST && !BACKUP_FILE.test(name));
  if (!last && strangers.length > 0) {
    throw new BackupRefused(
      `${folder} contains other files, such as ${strangers[0] ?? ''}: name a folder that is only for the backup.`,
    );
  }
  return last;
}

/** Removes files that the manifest does not name: remains of an interrupted or an earlier backup. */
async function removeStaleFiles(folder: string, manifest: Manifest | null): Promise<void> {
  const parts = manifest ? [...manifest.segments.flatMap(filesOf), ...manifest.rows, manifest.secret.file] : [];
  const named = new Set(parts.map((part) => part?.file));
  const stale = (await readdir(folder)).filter((name) => BACKUP_FILE.test(name) && !named.has(name));
  for (const name of stale) await rm(join(folder, name));
}

function filesOf({ events, confidential }: Segment): readonly BackupFile[] {
  return [events, confidential];
}

/** One snapshot, so that no row refers to events that are not in the backup. */
function snapshot({
  sql,
  tables,
}: BackupContext): Promise<{ readonly head: LogHead; readonly rows: readonly TableRows[] }> {
  return inTransaction(sql, async (session) => {
    await useReadOnlySnapshot(session);
    const head = await readHead(session);
    const rows: TableRows[] = [];
    for (const { table } of tables) rows.push(await readRows(session, table));
    return { head, rows };
  });
}

/** Refuses a backup of another log, or of one that was set back since: its last segment must equal the log. */
async function refuseForeignBackup(
  folder: string,
  last: Manifest,
  head: LogHead,
  { sql, secret }: BackupContext,
): Promise<void> {
  const other = `The backup in ${folder} is not one of this log`;
  if (last.secret.check !== secretCheck(secret)) {
    throw new BackupRefused(`${other}: it was made with another secret. Name another folder.`);
  }
  if (last.head.position > head.position) {
    throw new BackupRefused(
      `${other}: it reaches position ${last.head.position}, the log ${head.position}. Name another folder.`,
    );
  }
  const segment = last.segments.at(-1);
  if (!segment) return;
  const stored = await readSegment(folder, segment);
  if (typeof stored === 'string') throw new BackupDamaged(folder, [stored]);
  for await (const now of readLog(sql, segment.from - 1, segment.to, SEGMENT_EVENTS * 2)) {
    if (textOf(now) !== textOf(stored)) {
      throw new BackupRefused(
        `${other}: they differ from position ${segment.from} to ${segment.to}. Name another folder.`,
      );
    }
  }
}

function textOf({ events, fields }: LogSlice): string {
  return [...events, ...fields].map(({ line }) => line).join('\n');
}

async function writeSegments(
  folder: string,
  last: BackupContents,
  head: LogHead,
  { sql, progress }: BackupContext,
): Promise<BackupContents> {
  let taken = last;
  progress(last.head.position, head.position);
  for await (const slice of readLog(sql, last.head.position, head.position, SEGMENT_EVENTS)) {
    const segment = await writeSegment(folder, taken.head.position, slice);
    taken = {
      head: { position: segment.to, recordedAt: slice.events.at(-1)?.row.recordedAt ?? null },
      counts: {
        events: taken.counts.events + segment.events.lines,
        confidential: taken.counts.confidential + segment.confidential.lines,
      },
      digests: digestsAfter(taken.digests, slice),
      segments: [...taken.segments, segment],
    };
    progress(segment.to, head.position);
  }
  if (taken.head.position === head.position) return taken;
  throw new BackupRefused(`The log has a gap after position ${taken.head.position}: run \`npx barada verify\`.`);
}

async function writeSegment(folder: string, after: Position, { events, fields }: LogSlice): Promise<Segment> {
  const from = after + 1;
  const to = events.at(-1)?.row.position ?? after;
  const name = `${digits(from)}-${digits(to)}`;
  return {
    ...{ from, to },
    events: await writeLines(
      folder,
      `events-${name}`,
      events.map(({ line }) => line),
    ),
    confidential: await writeLines(
      folder,
      `confidential-${name}`,
      fields.map(({ line }) => line),
    ),
  };
}

function digestsAfter(before: LogDigests, { events, fields }: LogSlice): LogDigests {
  return {
    events: events.reduce((digest, { line }) => digestAfter(digest, line), before.events),
    confidential: fields.reduce((digest, { line }) => digestAfter(digest, line), before.confidential),
  };
}

/** Under a new name each time: the files of the old manifest stay until the new manifest has replaced it. */
async function writeTables(folder: string, position: Position, rows: readonly TableRows[]): Promise<Manifest['rows']> {
  const parts: Manifest['rows'][number][] = [];
  for (const { table, lines } of rows) {
    const name = `rows-${digits(position)}-${randomBytes(4).toString('hex')}-${table}`;
    parts.push({ table, ...(await writeLines(folder, name, lines)) });
  }
  return parts;
}

async function writeSecret(
  folder: string,
  secret: Buffer,
  { withSecret }: BackupOptions,
  last: Manifest | null,
): Promise<Manifest['secret']> {
  const check = secretCheck(secret);
  if (!withSecret) return { check, file: last?.secret.file ?? null };
  const content = Buffer.from(`${secret.toString('hex')}\n`);
  const file = `secret-${check}`;
  await writeDurably(join(folder, file), content);
  return { check, file: { file, lines: 1, bytes: content.length, sha256: hash('sha256', content) } };
}

function digits(position: Position): string {
  return String(position).padStart(POSITION_DIGITS, '0');
}
