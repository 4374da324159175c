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
  const events = await readEvents(sql, after, to);
  const fields = await readFields(sql, after, to);
  return { events: events.map(serializeEvent), fields: fields.map(serializeField) };
}

async function readEvents(sql: Sql, after: Position, to: Position): Promise<readonly EventRow[]> {
  return sql<EventRow[]>`
    select position, stream, version, key, type, schema_version as "schemaVersion", recorded_at as "recordedAt",
      command_end as "commandEnd", meta::text as meta, data::text as data
    from events where position > ${after} and position <= ${to} order by position`;
}

async function readFields(sql: Sql, after: Position, to: Position): Promise<readonly FieldRow[]> {
  return sql<FieldRow[]>`
    select position, field, value::text as value
    from confidential where position > ${after} and position <= ${to} order by position, field`;
}

/** The position of an event that is outside the range of the head; null if there is none. */
export async function findEventOutsideLog(sql: Sql): Promise<Position | null> {
  const [event] = await sql<{ position: Position }[]>`
    select e.position from events e, log_head h where e.position > h.position or e.position < 1
    order by e.position limit 1`;
  return event?.position ?? null;
}

/** The position of a confidential field that is outside the range of the head; null if there is none. */
export async function findFieldOutsideLog(sql: Sql): Promise<Position | null> {
  const [field] = await sql<{ position: Position }[]>`
    select c.position from confidential c, log_head h where c.position > h.position or c.position < 1
    order by c.position limit 1`;
  return field?.position ?? null;
}
