// `barada verify`: checks the integrity of the log, and that every projection equals a rebuild from it.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readBackup, readManifest, verifyLog, type Manifest } from '#backup';
import { openDatabases, type Databases } from '#database';
import { PostgresEventLog } from '#event-log';
import type { Settings } from '#platform';
import { compareWithLog, PostgresCheckpoints, type Projection } from '#projection';
import { Failure } from '../failure.js';
import { asFailure, asOwner, hasDatabase, withDatabase } from '../with-database.js';
import { projections as projectionsOf } from '../projections.js';
import { progressReporter, printLine, type Output } from '../progress.js';
import { settings } from '../settings.js';

const STATEMENT_TIMEOUT_MS = 3_600_000;

export function verify(out: Output = process.stdout): Command {
  return new Command('verify')
    .description('check the log, and every projection against it; exit code 1 where anything differs')
    .argument('[dir]', 'a backup to check and to compare with the log')
    .action(async (dir: string | undefined) => {
      const faults = await findFaults(dir === undefined ? null : resolve(dir), settings(), out);
      if (faults.length > 0) throw new Failure(faults.join('\n'));
      printLine(out, 'Nothing differs.');
    });
}

async function findFaults(folder: string | null, from: Settings, out: Output): Promise<readonly string[]> {
  const backup = folder === null ? null : await verifyBackup(folder, out);
  if (backup && !hasDatabase(from)) {
    printLine(out, 'There is no database to compare it with.');
    return backup.faults;
  }
  const living = await withDatabase(from, {}, async (url) => {
    const inLog = await asOwner(url, 'verify', (sql) => verifyLogTables(sql, backup?.manifest ?? null, out));
    // A rebuild from a damaged log would prove nothing.
    if (inLog.length > 0) return [...inLog, 'The projections were not compared because the log is damaged.'];
    return verifyProjections(url, projectionsOf(from), out);
  });
  return [...(backup?.faults ?? []), ...living];
}

type VerifiedBackup = { readonly manifest: Manifest; readonly faults: readonly string[] };

async function verifyBackup(folder: string, out: Output): Promise<VerifiedBackup> {
  const progress = progressReporter(out, 'backup');
  try {
    const manifest = await readManifest(folder);
    const faults = await readBackup(folder, manifest, ({ events }) => {
      progress(events.at(-1)?.row.position ?? 0, manifest.head.position);
    });
    const { counts, head } = manifest;
    printLine(out, `backup: ${counts.events} events up to position ${head.position}, ${verdict(faults)}`);
    return { manifest, faults: faults.map((fault) => `backup: ${fault}`) };
  } catch (error) {
    throw asFailure(error);
  }
}

async function verifyLogTables(
  sql: Parameters<typeof verifyLog>[0],
  backup: Manifest | null,
  out: Output,
): Promise<readonly string[]> {
  const { head, digests, faults } = await verifyLog(sql, progressReporter(out, 'log'), backup);
  printLine(out, `log: up to position ${head.position}, digest ${digests.events}, ${verdict(faults)}`);
  return faults.map((fault) => `log: ${fault}`);
}

async function verifyProjections(
  url: string,
  projections: readonly Projection[],
  out: Output,
): Promise<readonly string[]> {
  const databases = openDatabases(url, { applicationName: 'barada verify', statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const log = new PostgresEventLog(databases);
  try {
    const faults: string[] = [];
    for (const projection of projections) faults.push(...(await verifyProjection(projection, { databases, log }, out)));
    return faults;
  } finally {
    await log.close();
    await databases.close();
  }
}

async function verifyProjection(
  projection: Projection,
  { databases, log }: { readonly databases: Databases; readonly log: PostgresEventLog },
  out: Output,
): Promise<readonly string[]> {
  const { name } = projection;
  const sql = databases.analysis;
  const { position, tables } = await compareWithLog(projection, { log, sql, onProgress: progressReporter(out, name) });
  const different = tables.filter(({ live, rebuilt }) => live.digest !== rebuilt.digest || live.rows !== rebuilt.rows);
  const faults = different.map(
    ({ table, live, rebuilt }) =>
      `${name}: ${table} has ${live.rows} rows (digest ${live.digest}), a rebuild from the log ${rebuilt.rows} (digest ${rebuilt.digest})`,
  );
  const parked =
    (await new PostgresCheckpoints(sql).progress()).find((proof) => proof.projection === name)?.parked ?? 0;
  if (parked > 0) faults.push(`${name}: ${parked} parked keys: npx barada dead-letters list`);
  const rows = tables.reduce((sum, { live }) => sum + live.rows, 0);
  printLine(out, `${name}: ${rows} rows at position ${position}, ${verdict(faults)}`);
  return faults;
}

function verdict(faults: readonly string[]): string {
  return faults.length === 0 ? 'no faults' : `${faults.length} faults`;
}
