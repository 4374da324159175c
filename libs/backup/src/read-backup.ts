// Reads a backup from the first file to the last and checks every promise of the log.
import type { Position } from '#event-log';
import { readLines, readVerified } from './files.js';
import { parseEvent, parseField, type Serialized, type LogSlice } from './lines.js';
import { LogCheck } from './log-check.js';
import type { TableRows } from './table-rows.sql.js';
import type { Manifest, Segment } from './manifest.js';

export type ReportProgress = (done: Position, total: Position) => void;

/**
 * Calls `take` with one slice after the other, in order, each already checked. Returns all faults of the backup. `take`
 * may stop the reading by throwing.
 */
export async function readBackup(
  folder: string,
  manifest: Manifest,
  take: (slice: LogSlice, faults: readonly string[]) => Promise<void> | void,
): Promise<readonly string[]> {
  const check = new LogCheck();
  for (const segment of manifest.segments) {
    const slice = await readSegment(folder, segment);
    if (typeof slice === 'string') check.skipTo(segment.to, slice);
    else check.take(slice);
    await take(typeof slice === 'string' ? { events: [], fields: [] } : slice, check.faults);
  }
  check.end(manifest.head);
  if (check.isComplete) compare(check, manifest);
  const others = [...manifest.rows, ...(manifest.secret.file ? [manifest.secret.file] : [])];
  for (const part of others) {
    const content = await readVerified(folder, part);
    if (typeof content === 'string') check.fault(content);
  }
  return check.faults;
}

export async function readSegment(folder: string, segment: Segment): Promise<LogSlice | string> {
  const events = await readLines(folder, segment.events);
  const fields = await readLines(folder, segment.confidential);
  if (typeof events === 'string') return events;
  if (typeof fields === 'string') return fields;
  try {
    return refuseStrayPositions(segment, { events: events.map(parseEvent), fields: fields.map(parseField) });
  } catch {
    return `${segment.events.file} or ${segment.confidential.file} contains a line that is not JSON`;
  }
}

export async function readTables(folder: string, manifest: Manifest): Promise<readonly (TableRows | string)[]> {
  return Promise.all(
    manifest.rows.map(async (part) => {
      const lines = await readLines(folder, part);
      return typeof lines === 'string' ? lines : { table: part.table, lines };
    }),
  );
}

function refuseStrayPositions({ from, to, events: { file } }: Segment, slice: LogSlice): LogSlice | string {
  const stray = [...slice.events, ...slice.fields].find(({ row }: Serialized<{ readonly position: Position }>) => {
    return row.position < from || row.position > to;
  });
  if (!stray) return slice;
  return `${file} covers positions ${from} to ${to}, but it or its confidential file contains position ${stray.row.position}`;
}

function compare(check: LogCheck, { counts, digests }: Manifest): void {
  for (const part of ['events', 'confidential'] as const) {
    if (check.counts[part] !== counts[part])
      check.fault(`there are ${check.counts[part]} lines of ${part} instead of ${counts[part]}`);
    else if (check.digests[part] !== digests[part]) check.fault(`the digest of all ${part} is not the manifest's`);
  }
}
