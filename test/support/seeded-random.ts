// SeededRandom that can be repeated: the same seed, the same choices.
import { randomInt } from 'node:crypto';

const SEED_MAX = 2 ** 31;
const HEX = '0123456789abcdef';

export class SeededRandom {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed;
  }

  /** Of the seed that SEED names, else of a new one; says which, so that a failure can be repeated. */
  static forSpec(what: string): SeededRandom {
    const named = Number(process.env['SEED'] ?? '');
    const random = new SeededRandom(named > 0 ? named : randomInt(1, SEED_MAX));
    process.stdout.write(`${what}: seed ${random.seed} (repeat it by SEED=${random.seed})\n`);
    return random;
  }

  /** From 0 up to 1: mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` up to and with `max`. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(things: readonly [T, ...T[]]): T {
    return things[this.between(0, things.length - 1)] ?? things[0];
  }

  uuid(): string {
    const hex = (digits: number): string =>
      Array.from({ length: digits }, () => HEX.charAt(this.between(0, 15))).join('');
    return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  }
}
