// Reads the living log, the confidential part included, in stretches that end where a command ends.
import type { Sql } from '#database';
import type { Position } from '#event-log';
import { serializeEvent, serializeField, type EventRow, type FieldRow, type LogSlice } from './lines.js';
import type { LogHead } from './log-check.js';

/** The last position and its time: everything up to there can be read, and nothing of it changes any more. */
export async function readHead(sql: Sql): Promise<LogHead> {
  const [head] = await sql<LogHead[]>`
    select position, nullif(recorded_at, '-infinity') as "recordedAt" from log_head`;
  if (!head) throw new Error('the log has no head');
  return head;
}

/** What lies behind `after`, up to `until` at most, in stretches of about `length` events. */
export async function* readLog(sql: Sql, after: Position, until: Position, length: number): AsyncGenerator<LogSlice> {
  for (let position = after; position < until;) {
    const to = await endOfCommand(sql, Math.min(position + length, until));
    yield await stretch(sql, position, to);
    position = to;
  }
}

async function endOfCommand(sql: Sql, position: Position): Promise<Position> {
  const [event] = await sql<{ end: Position }[]>`
    select greatest(command_end, position) as end from events where position = ${position}`;
  return event?.end ?? position; // a gap is for who checks to find
}

async function stretch(sql: Sql, after: Position, to: Position): Promise<LogSlice> {
  const events = await sql<EventRow[]>`
    select position, stream, version, key, type, schema_version as "schemaVersion", recorded_at as "recordedAt",
      command_end as "commandEnd", meta::text as meta, data::text as data
    from events where position > ${after} and position <= ${to} order by position`;
  const fields = await sql<FieldRow[]>`
    select position, field, value::text as value
    from confidential where position > ${after} and position <= ${to} order by position, field`;
  return { events: events.map(serializeEvent), fields: fields.map(serializeField) };
}
