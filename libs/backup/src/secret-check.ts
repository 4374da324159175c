// Tells whether two people mean the same secret, without telling the secret.
import { createHmac } from 'node:crypto';

const CHECK_LENGTH = 32;

/** Of 32 random bytes nothing can be guessed from it. */
export function secretCheck(secret: Buffer): string {
  return createHmac('sha256', secret).update('barada backup').digest('hex').slice(0, CHECK_LENGTH);
}
