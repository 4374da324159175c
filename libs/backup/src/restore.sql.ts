// The statements of a restore: what shows that a database is empty, and the log's rows as the backup has them.
import { joinLines, type Sql } from '#database';
import type { Position } from '#event-log';
import type { EventRow, FieldRow } from './lines.js';
import type { LogHead } from './log-check.js';

/** The head's position. The lock keeps writers out until the transaction ends. */
export async function lockHead(session: Sql): Promise<Position> {
  const [log] = await session<{ position: Position }[]>`select position from log_head for update`;
  return log?.position ?? 0;
}

/** 0 if there are no events. */
export async function readLastPosition(session: Sql): Promise<Position> {
  const [last] = await session<{ position: Position }[]>`
    select position from events order by position desc limit 1`;
  return last?.position ?? 0;
}

/** A projection that has folded events; null if there is none. */
export async function findBegunProjection(session: Sql): Promise<string | null> {
  const [begun] = await session<{ projection: string }[]>`select projection from checkpoints where position > 0`;
  return begun?.projection ?? null;
}

export async function setHead(session: Sql, { position, recordedAt }: LogHead): Promise<void> {
  await session`
    update log_head set position = ${position}, recorded_at = coalesce(${recordedAt}::timestamptz, '-infinity')`;
}

export async function insertEvents(session: Sql, rows: readonly EventRow[]): Promise<void> {
  // One text per line, as for append(): JSON never contains a line break, and names must not.
  await session`
    insert into events (position, stream, version, key, type, schema_version, recorded_at, command_end, meta, data)
    select e.position, e.stream, e.version, e.key, e.type, e.schema_version, e.recorded_at, e.command_end,
      e.meta::json, e.data::json
    from unnest(
      ${rows.map(({ position }) => position)}::bigint[],
      string_to_array(${joinLines(rows.map(({ stream }) => stream))}, E'\n'),
      ${rows.map(({ version }) => version)}::int[],
      string_to_array(${joinLines(rows.map(({ key }) => key))}, E'\n'),
      string_to_array(${joinLines(rows.map(({ type }) => type))}, E'\n'),
      ${rows.map(({ schemaVersion }) => schemaVersion)}::int[],
      ${rows.map(({ recordedAt }) => recordedAt)}::timestamptz[],
      ${rows.map(({ commandEnd }) => commandEnd)}::bigint[],
      string_to_array(${joinLines(rows.map(({ meta }) => meta))}, E'\n'),
      string_to_array(${joinLines(rows.map(({ data }) => data))}, E'\n')
    ) as e (position, stream, version, key, type, schema_version, recorded_at, command_end, meta, data)`;
}

export async function insertFields(session: Sql, rows: readonly FieldRow[]): Promise<void> {
  await session`
    insert into confidential (position, field, value)
    select f.position, f.field, f.value::json
    from unnest(
      ${rows.map(({ position }) => position)}::bigint[],
      string_to_array(${joinLines(rows.map(({ field }) => field))}, E'\n'),
      string_to_array(${joinLines(rows.map(({ value }) => value))}, E'\n')
    ) as f (position, field, value)`;
}
