// Opaque pagination cursors. They include the log position of the first page.
import { z } from 'zod';
import type { Position } from '#event-log';
import { Problem } from './problem.js';

const VERSION = 1;

export function encodeCursor(value: object): string {
  return Buffer.from(JSON.stringify({ v: VERSION, ...value })).toString('base64url');
}

/** Throws Problem 400 unless the cursor has our version and fits the schema, which must bound what SQL cannot take. */
export function decodeCursor<Schema extends z.ZodType>(cursor: string, schema: Schema): z.output<Schema> {
  const { v, ...content } = contentOf(cursor);
  const parsed = schema.safeParse(content);
  if (v !== VERSION || !parsed.success) throw invalidCursor();
  return parsed.data;
}

/** Throws Problem 400 for a cursor after the head: it was altered, or made before the log was restored from a backup. */
export function requireCursorBefore(head: Position, cursor: string): void {
  const { position, before } = contentOf(cursor);
  if ([position, before].some((named) => typeof named === 'number' && named > head)) throw invalidCursor();
}

function contentOf(cursor: string): Readonly<Record<string, unknown>> {
  return (
    z.record(z.string(), z.unknown()).safeParse(jsonOrNull(Buffer.from(cursor, 'base64url').toString())).data ?? {}
  );
}

function invalidCursor(): Problem {
  return new Problem(
    400,
    'bad-cursor',
    'The cursor is not valid: follow `next` unchanged, or start again without a cursor.',
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
