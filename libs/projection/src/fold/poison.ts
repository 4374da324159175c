// Tells failures that the event causes, which retries cannot cure, from all others.
import { ConnectionLost } from '#database';

// Cardinality, data, constraints, limits of a row, and what SQL code raises itself. Anything else (a lost connection, a
// timeout, a full disk, a missing right or table) is not caused by the event.
// https://www.postgresql.org/docs/18/errcodes-appendix.html
const ABOUT_THE_DATA = /^(21|22|23|54|P0)...$/;
/** A value that the client could not send, or that one of Node's functions rejected. */
const ABOUT_A_VALUE = /^(UNDEFINED_VALUE|ERR_.*)$/;

/** An error without a code comes from the fold itself: it does not know the event, or fails on it. */
export function isPoison(error: unknown): boolean {
  if (error instanceof ConnectionLost) return false;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
  return code === null || ABOUT_THE_DATA.test(code) || ABOUT_A_VALUE.test(code);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
