// Opaque pagination cursors. They include the log position of the first page.
import type { z } from 'zod';
import { Problem } from './problem.js';

export function encodeCursor(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function decodeCursor<Schema extends z.ZodType>(cursor: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(jsonOrNull(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new Problem(
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
