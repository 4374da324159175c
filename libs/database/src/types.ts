// How PostgreSQL's values are represented: as JSON and our own types need them, not as the client does by default.
import { arrayText, parseArray } from './arrays.js';

type Type<T> = {
  readonly to: number;
  readonly from: number[];
  readonly parse: (text: string) => T;
  readonly serialize: (value: unknown) => string;
};

const DATE_DIGITS = '2017-01-15'.length;
const SECOND_DIGITS = '2017-01-15 10:00:00'.length;

// The numbers are type oids from PostgreSQL's catalogue pg_type.
const BIGINT = type([20], safeInteger, String);
const INSTANT = type([1184], utcInstant, (value) => (value instanceof Date ? value.toISOString() : String(value)));
const DAY = type([1082, 1114], String, String);
const NUMBER = type([23], Number, String);
const BOOLEAN = type([16], (text) => text === 't', String);
const TEXT = type([25], String, String);
const JSON_VALUE = type(
  [3802],
  (text) => JSON.parse(text) as unknown,
  (value) => JSON.stringify(value),
);

/**
 * `bigint` is a JS number (log positions and counts stay far below 2^53; larger values are refused, not rounded).
 * `timestamptz` is an RFC 3339 string in UTC with milliseconds, as Date's toISOString writes it (finer digits are cut
 * off). `date` and `timestamp` are the text that PostgreSQL prints. `json` and `jsonb` are parsed, `numeric` is a string.
 * Arrays of these are accepted where the statement casts them (`${values}::text[]`), and are returned as arrays.
 *
 * The client would query the array types itself on every new connection. If the connection is lost during that query,
 * nothing handles the error and the process ends. So they are listed here.
 */
export const TYPES = {
  bigint: BIGINT,
  date: INSTANT,
  day: DAY,
  bigints: arrayOf(BIGINT, [1016]),
  instants: arrayOf(INSTANT, [1185]),
  days: arrayOf(DAY, [1182, 1115]),
  numbers: arrayOf(NUMBER, [1007, 1005, 1021, 1022]), // integer, smallint, real, double precision
  booleans: arrayOf(BOOLEAN, [1000]),
  texts: arrayOf(TEXT, [1009, 1015, 1231, 2951]), // text, varchar, numeric, uuid
  jsons: arrayOf(JSON_VALUE, [199, 3807]),
};

function type<T>(oids: number[], parse: (text: string) => T, serialize: (value: unknown) => string): Type<T> {
  return { to: oids[0] ?? 0, from: oids, parse, serialize };
}

function arrayOf<T>(element: Type<T>, oids: number[]): Type<(T | null)[]> {
  return type(
    oids,
    (text) => parseArray(text, element.parse),
    // It may be serialized already.
    (values) => (Array.isArray(values) ? arrayText(values, element.serialize) : String(values)),
  );
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${text} does not fit a JS number`);
}

// With our settings PostgreSQL prints 2017-01-15 10:00:00.123456+00. Rearranging that text takes a fifth of the time that
// Date needs, which was visible in every read of the log.
function utcInstant(text: string): string {
  if (text[DATE_DIGITS] !== ' ' || !text.endsWith('+00')) return new Date(text).toISOString();
  const milliseconds = text
    .slice(SECOND_DIGITS + 1, -3)
    .slice(0, 3)
    .padEnd(3, '0');
  return `${text.slice(0, DATE_DIGITS)}T${text.slice(DATE_DIGITS + 1, SECOND_DIGITS)}.${milliseconds}Z`;
}
