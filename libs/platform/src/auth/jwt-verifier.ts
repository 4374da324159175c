// Verifies bearer tokens (JWT) against the trusted issuers.
import { decodeJwt, errors, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { Problem } from '../http/problem.js';
import type { Caller } from './caller.js';
import { callerOf } from './claims.js';
import { TokenVerifier } from './token-verifier.js';

/** Verifies signature, issuer and times of a token, and returns its claims. */
export type TrustedIssuer = {
  readonly name: string;
  readonly verify: (token: string) => Promise<JWTPayload>;
};

const CACHE_MAX = 10_000;
// Verifying a signature costs more than the rest of a request. A withdrawn key stays trusted for at most this long.
const CACHE_MS = 60_000;

export class JwtVerifier extends TokenVerifier {
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly #howToGetToken: string;
  readonly #cache = new LRUCache<string, Caller>({ max: CACHE_MAX });

  /** `howToGetToken`: a sentence for the caller, appended to every refusal. */
  constructor(issuers: readonly TrustedIssuer[], howToGetToken: string) {
    super();
    this.#issuers = new Map(issuers.map((issuer) => [issuer.name, issuer]));
    this.#howToGetToken = howToGetToken;
  }

  override async callerOf(token: string | null): Promise<Caller> {
    if (token === null) throw this.#refused('no-token', 'This requires a token: `Authorization: Bearer <JWT>`.');
    const cached = this.#cache.get(token);
    if (cached !== undefined) return cached;
    const claims = await this.#verified(token);
    const caller = callerOf(claims);
    if (caller === null) throw this.#refused('bad-token', 'The token has no `sub`.');
    const leftMs = (claims.exp ?? 0) * 1000 - Date.now();
    if (leftMs > 0) this.#cache.set(token, caller, { ttl: Math.min(leftMs, CACHE_MS) });
    return caller;
  }

  async #verified(token: string): Promise<JWTPayload> {
    const name = issuerOf(token);
    if (name === null) throw this.#refused('bad-token', 'The token is not a JWT.');
    const issuer = this.#issuers.get(name);
    if (issuer === undefined) throw this.#refused('unknown-issuer', 'The issuer of the token is not trusted here.');
    try {
      return await issuer.verify(token);
    } catch (error) {
      throw this.#problemOf(error, name);
    }
  }

  #problemOf(error: unknown, issuer: string): Error {
    if (error instanceof Problem) return error;
    if (error instanceof errors.JWTExpired)
      return this.#refused('token-expired', `The token expired at ${timeOf(error.payload.exp)}.`);
    if (error instanceof errors.JWTClaimValidationFailed)
      return this.#refused('bad-token', `The token's claim \`${error.claim}\` is not valid here.`);
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
      return this.#refused('bad-signature', 'The token is not signed with a key of its issuer.');
    if (isUnreachable(error))
      return new Problem(503, 'issuer-unreachable', `The keys of ${issuer} cannot be fetched right now.`, {
        headers: { 'retry-after': '5' },
      });
    return this.#refused('bad-token', 'The token cannot be verified.');
  }

  #refused(code: string, detail: string): Problem {
    const challenge = code === 'no-token' ? 'Bearer' : 'Bearer error="invalid_token"';
    return new Problem(401, code, `${detail} ${this.#howToGetToken}`, { headers: { 'www-authenticate': challenge } });
  }
}

// jose has no error class of its own for a response that is not a key set.
function isUnreachable(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC'
  );
}

// Not trusted yet: it only selects the key to verify with.
function issuerOf(token: string): string | null {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    return null;
  }
}

function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? 'an unknown time' : new Date(seconds * 1000).toISOString();
}

/** Only for a demo on loopback: every caller has every role. */
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
