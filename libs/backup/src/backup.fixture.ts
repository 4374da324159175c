// A log to back up, and a forger that changes a backup and renews its seal.
import { hash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog, NewEvent, AppendOutcome } from '#event-log';
import { closePool, openPool, type Sql } from '#database';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { backup, type BackupOptions, type BackupContext } from './backup.js';
import { writeLines } from './files.js';
import { readManifest, writeManifest, type Manifest } from './manifest.js';

export const SECRET = Buffer.alloc(32, 7);
export const TABLES = [
  { table: 'dropped_letters', callsOut: false },
  { table: 'status_watch', callsOut: false },
  { table: 'subscription', callsOut: true },
  { table: 'subscription_secret', callsOut: true },
  { table: 'delivery', callsOut: true },
];

export type System = TestDatabase & { readonly owner: Sql; readonly stop: () => Promise<void> };

export async function openSystem(): Promise<System> {
  const database = await openTestDatabase();
  const owner = openPool(database.url, { applicationName: 'test owner', connections: 2 });
  const stop = async (): Promise<void> => {
    await closePool(owner);
    await database.drop();
  };
  return { ...database, owner, stop };
}

/** A folder for a backup, and a function that removes it. */
export async function openFolder(): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'barada-backup-'));
  return { folder: join(parent, 'backup'), remove: () => rm(parent, { recursive: true }) };
}

/** Appends a new stream with two events, the first of which has two confidential fields. */
export function write(log: EventLog, name: string = randomUUID()): Promise<AppendOutcome> {
  const stream = `organisation-${name}`;
  const data = { organisation: name, alignment: 'side \u0000 "a"\n' };
  const event: NewEvent = { key: stream, event: { type: 'OrganisationRegistered', data } };
  const confidential = { code: `org-${name}`, name: { en: 'Valley \uD800 media', ar: 'وادي' } };
  return log.append({
    writes: [{ stream, expected: 0, events: [{ ...event, confidential }, event] }],
    meta: { by: { who: 'spec', role: 'operator', party: null }, fingerprint: name, correlation: 'spec' },
  });
}

export async function take(
  { url }: Pick<TestDatabase, 'url'>,
  folder: string,
  given: Partial<BackupOptions & Pick<BackupContext, 'secret'>> = {},
): Promise<Manifest> {
  const { continued = false, withSecret = false, secret = SECRET } = given;
  const sql = openPool(url, { applicationName: 'test backup', connections: 1 });
  const now = (): string => new Date().toISOString();
  try {
    return await backup(
      folder,
      { sql, tables: TABLES, secret, now, progress: () => undefined },
      { continued, withSecret },
    );
  } finally {
    await closePool(sql);
  }
}

/** Rewrites the first file of events and the manifest, so that only the promises of the log reveal the change. */
export async function forge(
  folder: string,
  change: (lines: readonly string[]) => readonly string[],
  lines: readonly string[],
): Promise<void> {
  const manifest = await readManifest(folder);
  const [first, ...others] = manifest.segments;
  if (!first) throw new Error('the backup is empty');
  const events = await writeLines(folder, `events-${hash('sha256', 'forged').slice(0, 8)}`, change(lines));
  await writeManifest(folder, { ...manifest, segments: [{ ...first, events }, ...others] });
}
