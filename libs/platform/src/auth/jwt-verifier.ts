// Checks bearer tokens against the issuers that are trusted.
import { decodeJwt, errors, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { Problem } from '../http/problem.js';
import type { Caller } from './caller.js';
import { callerOf } from './claims.js';
import { TokenVerifier } from './token-verifier.js';

/** An issuer that is trusted: checks the signature, the issuer, the times, and answers the claims. */
export type TrustedIssuer = {
  readonly name: string;
  readonly verify: (token: string) => Promise<JWTPayload>;
};

const REMEMBERED_MAX = 10_000;
// A key that an issuer has withdrawn is trusted no longer than this; a signature costs more than the rest of a request.
const REMEMBERED_MS = 60_000;

export class JwtVerifier extends TokenVerifier {
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly #cure: string;
  readonly #remembered = new LRUCache<string, Caller>({ max: REMEMBERED_MAX });

  /** `cure` is the sentence on how to get a token. */
  constructor(issuers: readonly TrustedIssuer[], cure: string) {
    super();
    this.#issuers = new Map(issuers.map((issuer) => [issuer.name, issuer]));
    this.#cure = cure;
  }

  override async callerOf(token: string | null): Promise<Caller> {
    if (token === null) throw this.#refused('no-token', 'This needs a token: `Authorization: Bearer <JWT>`.');
    const remembered = this.#remembered.get(token);
    if (remembered !== undefined) return remembered;
    const claims = await this.#verified(token);
    const caller = callerOf(claims);
    if (caller === null) throw this.#refused('bad-token', 'The token has no `sub`.');
    const leftMs = (claims.exp ?? 0) * 1000 - Date.now();
    if (leftMs > 0) this.#remembered.set(token, caller, { ttl: Math.min(leftMs, REMEMBERED_MS) });
    return caller;
  }

  async #verified(token: string): Promise<JWTPayload> {
    const name = issuerOf(token);
    if (name === null) throw this.#refused('bad-token', 'What was sent is not a JWT.');
    const issuer = this.#issuers.get(name);
    if (issuer === undefined)
      throw this.#refused('unknown-issuer', 'The token comes from an issuer that is not trusted here.');
    try {
      return await issuer.verify(token);
    } catch (error) {
      throw this.#problemOf(error, name);
    }
  }

  #problemOf(error: unknown, issuer: string): Error {
    if (error instanceof Problem) return error;
    if (error instanceof errors.JWTExpired)
      return this.#refused('token-expired', `The token expired at ${at(error.payload.exp)}.`);
    if (error instanceof errors.JWTClaimValidationFailed)
      return this.#refused('bad-token', `The token's claim \`${error.claim}\` does not hold here.`);
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
      return this.#refused('bad-signature', 'The token is not signed with a key of its issuer.');
    if (isUnreachable(error))
      return new Problem(503, 'issuer-unreachable', `The keys of ${issuer} cannot be fetched just now.`, {
        headers: { 'retry-after': '5' },
      });
    return this.#refused('bad-token', 'The token is not a JWT that we can check.');
  }

  #refused(code: string, detail: string): Problem {
    const challenge = code === 'no-token' ? 'Bearer' : 'Bearer error="invalid_token"';
    return new Problem(401, code, `${detail} ${this.#cure}`, { headers: { 'www-authenticate': challenge } });
  }
}

// The library has no class of its own for an answer that is no key set.
function isUnreachable(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC'
  );
}

// Not trusted yet: it only says whose key to check with.
function issuerOf(token: string): string | null {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    return null;
  }
}

function at(seconds: number | undefined): string {
  return seconds === undefined ? 'no time' : new Date(seconds * 1000).toISOString();
}

/** Only for a demo on loopback: everybody may do everything. */
export class NoAuthentication extends TokenVerifier {
  override callerOf(): Promise<Caller> {
    return Promise.resolve({
      handle: 'no-auth',
      organisation: 'no-auth',
      roles: ['monitor', 'verifier', 'officer', 'analyst', 'subscriber', 'operator', 'protection'],
      party: null,
    });
  }
}
