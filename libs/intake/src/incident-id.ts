// The id of the incident that a report opens: derived from the report's id, so that a repeat has the same one.
import { createHash } from 'node:crypto';

/** A UUID of version 8 (RFC 9562, section 5.8): the first bits of a SHA-256. */
export function newIncidentId(report: string): string {
  const digest = createHash('sha256').update(`incident of report ${report}`).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
