// Keyed digests: equal input gives an equal pseudonym, and without the key nobody can guess the input.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const PSEUDONYM_LENGTH = 22; // 16 bytes in base64url: collisions are out of the question for any number of monitors
/** The same monitors and organisations recur with every report. */
const CACHE_MAX = 10_000;

export class Pseudonyms {
  readonly #key: KeyObject;
  readonly #cache = new LRUCache<string, string>({
    max: CACHE_MAX,
    memoMethod: (name) => this.#digest(name),
  });

  constructor(key: Buffer) {
    // A KeyObject: 5 us a digest; with the raw bytes it is 29 us.
    this.#key = createSecretKey(key);
  }

  monitor(handle: string): string {
    return this.#pseudonym('monitor', handle);
  }

  organisation(code: string): string {
    return this.#pseudonym('organisation', code);
  }

  /** Distinguishes a repeated command from a reused id. Equal for equal JSON, whatever the order of its members. */
  fingerprint(value: unknown): string {
    return this.#digest(withPurpose('fingerprint', JSON.stringify(value, inKeyOrder)));
  }

  #pseudonym(purpose: string, name: string): string {
    return this.#cache.memo(withPurpose(purpose, name)).slice(0, PSEUDONYM_LENGTH);
  }

  #digest(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** The purpose is part of the digested text, so that a monitor and an organisation with equal names get different pseudonyms. */
function withPurpose(purpose: string, text: string): string {
  return `${purpose}\u0000${text}`;
}

function inKeyOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
