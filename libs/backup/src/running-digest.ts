// One number for the first p lines: equal numbers, equal lines in equal order, wherever they were cut into files.
import { hash } from 'node:crypto';

/** Of no lines at all. */
export const EMPTY_DIGEST = '0'.repeat(64);

/** SHA-256, in hexadecimal digits, of the digest before and the line. */
export function digestAfter(before: string, line: string): string {
  return hash('sha256', `${before}\n${line}`);
}
