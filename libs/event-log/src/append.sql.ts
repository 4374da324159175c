// Calls the SQL function `append` with a batch of commands. See libs/event-log/sql/0012-append-by-small-statements.sql.
import { joinLines, type Sql } from '#database';
import { SCHEMA_VERSIONS } from '#domain';
import type { Append, Position } from './event-log.js';

/** Result of one command of a batch. `first` is the position of the first event of the stream. */
export type Verdict =
  | { readonly kind: 'appended'; readonly position: Position; readonly recordedAt: string }
  | { readonly kind: 'duplicate'; readonly first: Position }
  | { readonly kind: 'id_reused' }
  | { readonly kind: 'conflict'; readonly stream: string; readonly actual: number };

type Row = {
  readonly kind: Verdict['kind'];
  readonly position: Position;
  readonly recordedAt: string;
  readonly stream: string;
  readonly actual: number;
};

/** One statement, one transaction. Each command is written completely or not at all. Verdicts are in batch order. */
export async function writeBatch(sql: Sql, batch: readonly Append[]): Promise<readonly Verdict[]> {
  const { writes, events, fields } = columnsOf(batch);
  const rows = await sql<Row[]>`
    select kind, position, recorded_at as "recordedAt", stream, actual from append(
      ${joinLines(batch.map(({ meta }) => JSON.stringify(meta)))},
      ${writes.command}::int[], ${joinLines(writes.stream)}, ${writes.expected}::int[],
      ${events.write}::int[], ${joinLines(events.type)}, ${events.schema}::int[], ${joinLines(events.key)}, ${joinLines(events.data)},
      ${fields.event}::int[], ${joinLines(fields.name)}, ${joinLines(fields.value)}
    ) order by command`;
  return rows.map(verdictOf);
}

/** Columns for `append`: each write refers to its command, each event to its write, each field to its event, from 1. */
function columnsOf(batch: readonly Append[]) {
  const writes = { command: [] as number[], stream: [] as string[], expected: [] as number[] };
  const events = {
    write: [] as number[],
    type: [] as string[],
    schema: [] as number[],
    key: [] as string[],
    data: [] as string[],
  };
  const fields = { event: [] as number[], name: [] as string[], value: [] as string[] };
  for (const [index, append] of batch.entries()) {
    for (const write of append.writes) {
      writes.command.push(index + 1);
      writes.stream.push(write.stream);
      writes.expected.push(write.expected);
      for (const { event, key, confidential } of write.events) {
        events.write.push(writes.command.length);
        events.type.push(event.type);
        events.schema.push(SCHEMA_VERSIONS[event.type]);
        events.key.push(key);
        events.data.push(JSON.stringify(event.data));
        const names = Object.keys(confidential ?? {});
        fields.event.push(...names.map(() => events.write.length));
        fields.name.push(...names);
        fields.value.push(...names.map((name) => JSON.stringify(confidential?.[name])));
      }
    }
  }
  return { writes, events, fields };
}

/** Why the command is invalid whatever the log contains; null if it is valid. */
export function malformed({ writes }: Append): string | null {
  const names = writes.flatMap(({ stream, events }) => [stream, ...events.map(({ key }) => key)]);
  if (names.some((name) => name === '' || /[\n\0]/.test(name)))
    return 'a stream name or key is empty or has a line break';
  if (new Set(writes.map(({ stream }) => stream)).size < writes.length) return 'a stream occurs twice in one command';
  if (writes.every(({ events }) => events.length === 0)) return 'a command has no events';
  return null;
}

function verdictOf({ kind, position, recordedAt, stream, actual }: Row): Verdict {
  switch (kind) {
    case 'appended':
      return { kind, position, recordedAt };
    case 'duplicate':
      return { kind, first: position };
    case 'id_reused':
      return { kind };
    case 'conflict':
      return { kind, stream, actual };
  }
}
