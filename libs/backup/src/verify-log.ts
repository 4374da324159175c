// Checks the promises of the log on a running system.
import type { Sql } from '#database';
import { toDomainEvent, UnknownEvent } from '#domain';
import type { Position } from '#event-log';
import { LogCheck, type LogDigests, type LogHead } from './log-check.js';
import type { EventRow } from './lines.js';
import type { Manifest } from './manifest.js';
import type { ReportProgress } from './read-backup.js';
import { findEventOutsideLog, findFieldOutsideLog, readHead, readLog } from './read-log.sql.js';

export type LogVerification = {
  readonly head: LogHead;
  readonly digests: LogDigests;
  readonly faults: readonly string[];
};

const PAGE_EVENTS = 5_000;

/** Up to the current head, while the system runs. `backup`: one that must equal the beginning of this log. */
export async function verifyLog(
  sql: Sql,
  progress: ReportProgress,
  backup: Manifest | null = null,
): Promise<LogVerification> {
  const head = await readHead(sql);
  const check = new LogCheck();
  const known = new Set<string>();
  const takeAll = async (after: Position, until: Position): Promise<void> => {
    for await (const slice of readLog(sql, after, until, PAGE_EVENTS)) {
      check.take(slice);
      for (const { row } of slice.events) noteUnknown(row, known, check);
      progress(Math.min(check.counts.events, head.position), head.position);
    }
  };
  const common = Math.min(backup?.head.position ?? 0, head.position);
  await takeAll(0, common);
  if (backup) compare(check, backup);
  await takeAll(common, head.position);
  check.end(head);
  await checkOutsideOfLog(sql, check);
  return { head, digests: check.digests, faults: check.faults };
}

function compare(check: LogCheck, { head, digests }: Manifest): void {
  const { events, confidential } = check.digests;
  if (events !== digests.events) check.fault(`the log differs from the backup up to position ${head.position}`);
  if (confidential !== digests.confidential)
    check.fault(`the confidential fields differ from the backup up to position ${head.position}`);
}

/** Reports an unknown type or version once. */
function noteUnknown({ type, schemaVersion, data, position }: EventRow, known: Set<string>, check: LogCheck): void {
  const kind = `${type} ${schemaVersion}`;
  if (known.has(kind)) return;
  known.add(kind);
  try {
    toDomainEvent({ type, schemaVersion, data: JSON.parse(data) });
  } catch (error) {
    if (!(error instanceof UnknownEvent)) throw error;
    check.fault(`position ${position}: ${error.message}`);
  }
}

/** Rows that no reader of the log would find, because they are outside the range of the head. */
async function checkOutsideOfLog(sql: Sql, check: LogCheck): Promise<void> {
  const event = await findEventOutsideLog(sql);
  if (event !== null) check.fault(`there is an event at position ${event}, outside the log`);
  const field = await findFieldOutsideLog(sql);
  if (field !== null) check.fault(`there are confidential fields at position ${field}, outside the log`);
}
