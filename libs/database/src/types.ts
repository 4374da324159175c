// How values come out of PostgreSQL: what JSON and our own types want, not what the client would make of them.

/**
 * `bigint` is a JS number (log positions and counts stay far below 2^53; anything beyond is refused, not rounded);
 * `timestamptz` an RFC 3339 string in UTC with milliseconds, as Date's toISOString writes it (finer digits are cut off);
 * `date` and `timestamp` the text that PostgreSQL prints. `json` and `jsonb` are parsed, `numeric` stays a string.
 */
export const TYPES = {
  bigint: { to: 20, from: [20], parse: safeInteger, serialize: String },
  date: { to: 1184, from: [1184], parse: utcInstant, serialize: instantText },
  day: { to: 1082, from: [1082, 1114], parse: (text: string) => text, serialize: String },
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${text} does not fit a JS number`);
}

function utcInstant(text: string): string {
  return new Date(text).toISOString();
}

function instantText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
