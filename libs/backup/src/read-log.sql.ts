// Reads the log of a running system, with its confidential fields, in slices that end where a command ends.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import { serializeEvent, serializeField, type EventRow, type FieldRow, type LogSlice } from './lines.js';
import type { LogHead } from './log-check.js';

/** The last position and its time. Everything up to there can be read and no longer changes. */
export async function readHead(sql: Sql): Promise<LogHead> {
  const [head] = await sql<LogHead[]>`
    select position, nullif(recorded_at, '-infinity') as "recordedAt" from log_head`;
  if (!head) throw new Error('the log has no head');
  return head;
}

/** Events after `after`, up to and including `until`, in slices of about `length` events. */
export async function* readLog(sql: Sql, after: Position, until: Position, length: number): AsyncGenerator<LogSlice> {
  for (let position = after; position < until;) {
    const to = await endOfCommand(sql, Math.min(position + length, until));
    yield await slice(sql, position, to);
    position = to;
  }
}

async function endOfCommand(sql: Sql, position: Position): Promise<Position> {
  const [event] = await sql<{ end: Position }[]>`
    select greatest(command_end, position) as end from events where position = ${position}`;
  return event?.end ?? position; // the check reports the gap
}

async function slice(sql: Sql, after: Position, to: Position): Promise<LogSlice> {
  const events = await sql<EventRow[]>`
    select position, stream, version, key, type, schema_version as "schemaVersion", recorded_at as "recordedAt",
      command_end as "commandEnd", meta::text as meta, data::text as data
    from events where position > ${after} and position <= ${to} order by position`;
  const fields = await sql<FieldRow[]>`
    select position, field, value::text as value
    from confidential where position > ${after} and position <= ${to} order by position, field`;
  return { events: events.map(serializeEvent), fields: fields.map(serializeField) };
}
