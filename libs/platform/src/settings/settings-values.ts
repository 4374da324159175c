// Parsers for the values of settings: from the text of an environment variable to what the program uses.
import { z } from 'zod';

/** An OIDC issuer. If `jwks` is null, the URL comes from the issuer's discovery document. */
export type Issuer = { readonly issuer: string; readonly jwks: string | null };

export function wholeNumber(what: string, min: number, max: number) {
  const message = `must be ${what}: a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d+$/, message).transform(Number).pipe(z.number().min(min, message).max(max, message));
}

/** Trailing slashes are removed. */
export function url(example: string) {
  return z
    .url({ protocol: /^https?$/, error: `must be an http or https URL, ${example}` })
    .transform((text) => text.replace(/\/+$/, ''));
}

/** Separated by commas; empty items are skipped. */
export function list<Item extends z.ZodType<unknown, string>>(item: Item) {
  const split = (text: string): string[] => text.split(',').map((part) => part.trim());
  return z
    .string()
    .transform((text) => split(text).filter((part) => part !== ''))
    .pipe(z.array(item));
}

/** `host:port`. */
export function broker() {
  return z
    .string()
    .regex(/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must list brokers as `host:port`, separated by commas');
}

export function yesOrNo() {
  return z.enum(['true', 'false'], 'must be true or false').transform((word) => word === 'true');
}

export function issuer() {
  const message = 'must list http or https URLs: `issuer`, or `issuer=JWKS URL`, separated by commas';
  return z.string().transform((text, context): Issuer => {
    const at = text.indexOf('=');
    const [name, jwks] = at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
    if ([name, jwks ?? name].every(isHttpUrl)) return { issuer: name, jwks };
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The public half of a signing key: a process that only verifies must not hold the private one. */
export function publicKey() {
  return z
    .string()
    .refine(isPublicKey, 'must be the public key that `barada keys` printed, as JSON, not the private one');
}

const publicJwk = z.looseObject({ kty: z.literal('OKP'), x: z.string(), d: z.undefined().optional() });

function isPublicKey(text: string): boolean {
  try {
    return publicJwk.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
