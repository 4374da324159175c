// A digest of the first p lines: equal digests mean equal lines in equal order, however they are split into files.
import { hash } from 'node:crypto';

/** Digest of no lines. */
export const EMPTY_DIGEST = '0'.repeat(64);

/** SHA-256 in hexadecimal of the previous digest and the line. */
export function digestAfter(before: string, line: string): string {
  return hash('sha256', `${before}\n${line}`);
}
