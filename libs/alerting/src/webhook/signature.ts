// Standard Webhooks: secrets, and signatures over `id.timestamp.body` (https://www.standardwebhooks.com).
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The specification asks for 24 to 64 bytes. */
export const SECRET_BYTES = 32;

export function secretOf(bytes: Buffer): string {
  return `${PREFIX}${bytes.toString('base64')}`;
}

export type SignedContent = { readonly id: string; readonly seconds: number; readonly body: string };

/** One signature per secret: during a rotation the receiver may verify with either. */
export function signatureHeaders(signed: SignedContent, secrets: readonly string[]): Readonly<Record<string, string>> {
  return {
    'webhook-id': signed.id,
    'webhook-timestamp': String(signed.seconds),
    'webhook-signature': secrets.map((secret) => signature(signed, secret)).join(' '),
  };
}

function signature({ id, seconds, body }: SignedContent, secret: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key)
    .update(`${id}.${String(seconds)}.${body}`)
    .digest('base64')}`;
}
