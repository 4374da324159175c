// Identifies a secret without revealing it.
import { createHmac } from 'node:crypto';

const CHECK_LENGTH = 32;

/** The secret is 32 random bytes, so it cannot be guessed from this value. */
export function secretCheck(secret: Buffer): string {
  return createHmac('sha256', secret).update('barada backup').digest('hex').slice(0, CHECK_LENGTH);
}
