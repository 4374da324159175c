// Keyed digests: the same input gives the same word, and nobody without the key can guess the input from it.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const PSEUDONYM_LENGTH = 22; // 16 bytes in base64url: no two of any number of monitors will ever meet
/** Monitors and organisations come again with every report. */
const REMEMBERED_MAX = 10_000;

export class Pseudonyms {
  readonly #key: KeyObject;
  readonly #remembered = new LRUCache<string, string>({
    max: REMEMBERED_MAX,
    memoMethod: (name) => this.#digest(name),
  });

  constructor(key: Buffer) {
    // Made once: 5 us a digest; from the bytes each time it is 29 us.
    this.#key = createSecretKey(key);
  }

  monitor(handle: string): string {
    return this.#pseudonym('monitor', handle);
  }

  organisation(code: string): string {
    return this.#pseudonym('organisation', code);
  }

  /** Tells a repeated command from a reused id. Equal for equal JSON, whatever the order of its members. */
  fingerprint(value: unknown): string {
    return this.#digest(named('fingerprint', JSON.stringify(value, inKeyOrder)));
  }

  #pseudonym(purpose: string, name: string): string {
    return this.#remembered.memo(named(purpose, name)).slice(0, PSEUDONYM_LENGTH);
  }

  #digest(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** The purpose is part of what is digested, so that a monitor and an organisation of one name do not look alike. */
function named(purpose: string, text: string): string {
  return `${purpose}\u0000${text}`;
}

function inKeyOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
