// Keyed digests: the same input gives the same word, and nobody without the key can guess the input from it.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

const PSEUDONYM_LENGTH = 22; // 16 bytes in base64url: no two of any number of monitors will ever meet

export class Pseudonyms {
  readonly #key: KeyObject;

  constructor(key: Buffer) {
    // Made once: 5 us a digest; from the bytes each time it is 29 us, of which every report needs five.
    this.#key = createSecretKey(key);
  }

  monitor(handle: string): string {
    return this.#digest('monitor', handle).slice(0, PSEUDONYM_LENGTH);
  }

  organisation(code: string): string {
    return this.#digest('organisation', code).slice(0, PSEUDONYM_LENGTH);
  }

  /** Tells a repeated command from a reused id. Equal for equal JSON, whatever the order of its members. */
  fingerprint(value: unknown): string {
    return this.#digest('fingerprint', JSON.stringify(value, inKeyOrder));
  }

  // The purpose is part of what is digested, so that a monitor and an organisation of one name do not look alike.
  #digest(purpose: string, text: string): string {
    return createHmac('sha256', this.#key).update(`${purpose}\u0000${text}`).digest('base64url');
  }
}

function inKeyOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
