// A batch of commands as the SQL function `append` takes it, and its answer. libs/event-log/sql/0011-append.sql
import type { Sql } from '#database';
import { SCHEMA_VERSIONS } from '#domain';
import type { Append, Position } from './event-log.js';

/** How one command of a batch fared. `first` is the position of the event that began the stream. */
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

/** One statement, one transaction: each command is written whole or not at all. The verdicts come in order. */
export async function writeBatch(sql: Sql, batch: readonly Append[]): Promise<readonly Verdict[]> {
  const writes = batch.flatMap(({ writes }, command) => writes.map((write) => ({ ...write, command: command + 1 })));
  const events = writes.flatMap(({ events }, write) => events.map((event) => ({ ...event, write: write + 1 })));
  const fields = events.flatMap(({ confidential }, event) =>
    Object.entries(confidential ?? {}).map(([name, value]) => ({ event: event + 1, name, value })),
  );
  const rows = await sql<Row[]>`
    select kind, position, recorded_at as "recordedAt", stream, actual from append(
      ${lines(batch.map(({ meta }) => JSON.stringify(meta)))},
      ${writes.map(({ command }) => command)}::int[],
      ${lines(writes.map(({ stream }) => stream))},
      ${writes.map(({ expected }) => expected)}::int[],
      ${events.map(({ write }) => write)}::int[],
      ${lines(events.map(({ event }) => event.type))},
      ${events.map(({ event }) => SCHEMA_VERSIONS[event.type])}::int[],
      ${lines(events.map(({ key }) => key))},
      ${lines(events.map(({ event }) => JSON.stringify(event.data)))},
      ${fields.map(({ event }) => event)}::int[],
      ${lines(fields.map(({ name }) => name))},
      ${lines(fields.map(({ value }) => JSON.stringify(value)))}
    ) order by command`;
  return rows.map(verdictOf);
}

/** Why the command could not be written whatever the log holds, or null. */
export function malformed({ writes }: Append): string | null {
  const names = writes.flatMap(({ stream, events }) => [stream, ...events.map(({ key }) => key)]);
  if (names.some((name) => name === '' || /[\n\0]/.test(name)))
    return 'a name of a stream or key is empty or has a line break';
  if (new Set(writes.map(({ stream }) => stream)).size < writes.length) return 'a stream occurs twice in one command';
  if (writes.every(({ events }) => events.length === 0)) return 'a command has no events';
  return null;
}

function lines(values: readonly string[]): string {
  return values.join('\n');
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
