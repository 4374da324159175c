// Events and confidential fields as lines of JSON, byte for byte as in the log.
import type { Instant } from '#domain';
import type { Position } from '#event-log';

/** `data` and `meta` are JSON texts, which are never parsed on the way. */
export type EventRow = {
  readonly position: Position;
  readonly stream: string;
  readonly version: number;
  readonly key: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: Instant;
  readonly commandEnd: Position;
  readonly meta: string;
  readonly data: string;
};

export type FieldRow = { readonly position: Position; readonly field: string; readonly value: string };

/** A row and its line. Digests are computed over lines. */
export type Serialized<Row> = { readonly row: Row; readonly line: string };

/** A range of the log: its events in order, and their confidential fields in order of position and field. */
export type LogSlice = {
  readonly events: readonly Serialized<EventRow>[];
  readonly fields: readonly Serialized<FieldRow>[];
};

export function serializeEvent(row: EventRow): Serialized<EventRow> {
  const { position, stream, version, key, type, schemaVersion, recordedAt, commandEnd, meta, data } = row;
  const head = JSON.stringify({ position, stream, version, key, type, schemaVersion, recordedAt, commandEnd });
  return { row, line: `${head.slice(0, -1)},"meta":${meta},"data":${data}}` };
}

export function serializeField(row: FieldRow): Serialized<FieldRow> {
  const { position, field, value } = row;
  return { row, line: `${JSON.stringify({ position, field }).slice(0, -1)},"value":${value}}` };
}

// All JSON in the log was written by JSON.stringify, so stringifying it again gives the same text.
export function parseEvent(line: string): Serialized<EventRow> {
  const { meta, data, ...head } = JSON.parse(line) as Omit<EventRow, 'meta' | 'data'> &
    Record<'meta' | 'data', unknown>;
  return { row: { ...head, meta: JSON.stringify(meta), data: JSON.stringify(data) }, line };
}

export function parseField(line: string): Serialized<FieldRow> {
  const { value, ...head } = JSON.parse(line) as Omit<FieldRow, 'value'> & { readonly value: unknown };
  return { row: { ...head, value: JSON.stringify(value) }, line };
}
