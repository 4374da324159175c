// The published keys of an OIDC issuer (JWKS): cached, refreshed, and kept while the issuer is unreachable.
import { Logger } from '@nestjs/common';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';

const FETCH_TIMEOUT_MS = 5_000;
const REFRESH_MS = 600_000;
const RETRY_MS = 30_000;
const DAY_MS = 86_400_000;

// Everybody can send tokens with invented key ids, so lookups are limited per id and in total.
const LOOKUP_COOLDOWN_MS = 30_000;
const LOOKUP_IDS_MAX = 1_000;
const LOOKUPS_MAX = 10;

type CachedKeys = {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAt: number;
  /** How long the keys may be used while they cannot be fetched again. */
  readonly usableMs: number;
};

export type RemoteKeyParts = {
  readonly issuer: string;
  /** Resolves the JWKS URL, possibly by discovery. */
  readonly findUrl: () => Promise<string>;
  readonly now?: () => number;
};

export class RemoteKeys {
  readonly #logger = new Logger('issuer');
  readonly #parts: RemoteKeyParts;
  readonly #now: () => number;
  readonly #lookedUp: LRUCache<string, number>;
  #lookups: readonly number[] = [];
  #cached: CachedKeys | null = null;
  #fetching: Promise<CachedKeys> | null = null;
  #triedAt = -Infinity;

  constructor(parts: RemoteKeyParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#lookedUp = new LRUCache({ max: LOOKUP_IDS_MAX });
  }

  /** For jose's `jwtVerify`. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current();
    try {
      return await keys.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayLookUp(header.kid ?? '')) throw error;
      return (await this.#lookUp(header.kid ?? '')).find(header, token);
    }
  };

  /** Usable keys are returned at once, and refreshed in the background. */
  async #current(): Promise<CachedKeys> {
    const cached = this.#cached;
    const age = cached === null ? Infinity : this.#now() - cached.fetchedAt;
    if (cached === null || age > cached.usableMs) return this.#fetch();
    if (age > REFRESH_MS && this.#now() - this.#triedAt > RETRY_MS)
      this.#fetch().catch((error: unknown) => {
        this.#logger.warn(
          `The keys of ${this.#parts.issuer} cannot be fetched (${reasonOf(error)}). ` +
            `Those of ${new Date(cached.fetchedAt).toISOString()} are used until ${new Date(cached.fetchedAt + cached.usableMs).toISOString()}.`,
        );
      });
    return cached;
  }

  #mayLookUp(id: string): boolean {
    const now = this.#now();
    this.#lookups = this.#lookups.filter((at) => now - at < LOOKUP_COOLDOWN_MS);
    return this.#lookups.length < LOOKUPS_MAX && now - (this.#lookedUp.get(id) ?? -Infinity) >= LOOKUP_COOLDOWN_MS;
  }

  async #lookUp(id: string): Promise<CachedKeys> {
    this.#lookedUp.set(id, this.#now());
    this.#lookups = [...this.#lookups, this.#now()];
    try {
      return await this.#fetch();
    } catch (error) {
      this.#lookedUp.delete(id); // it is still unknown whether the issuer has this key
      throw error;
    }
  }

  #fetch(): Promise<CachedKeys> {
    this.#triedAt = this.#now();
    return (this.#fetching ??= this.#fetched().finally(() => {
      this.#fetching = null;
    }));
  }

  async #fetched(): Promise<CachedKeys> {
    const fetchedAt = this.#now();
    const response = await fetch(await this.#parts.findUrl(), { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the key set is answered with ${response.status}`);
    const find = createLocalJWKSet((await response.json()) as JSONWebKeySet);
    return (this.#cached = { find, fetchedAt, usableMs: usableMsOf(response.headers.get('cache-control')) });
  }
}

/** As long as the issuer says, including `stale-if-error` (RFC 5861), and at least a day. */
function usableMsOf(cacheControl: string | null): number {
  const secondsOf = (directive: string): number =>
    Number(new RegExp(`(?:^|[\\s,])${directive}="?(\\d{1,9})`, 'i').exec(cacheControl ?? '')?.[1] ?? 0);
  return Math.max(DAY_MS, (secondsOf('max-age') + secondsOf('stale-if-error')) * 1_000);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
