// A seeded random generator: the same seed makes the same choices.
/** Fixed, so that no test depends on luck. `SEED=n npm test` tries another one. */
const DEFAULT_SEED = 20_170_115;
const HEX = '0123456789abcdef';

/** The seed that SEED names, or else the fixed one. */
export function seedOfTests(): number {
  const seed = Number(process.env['SEED'] ?? DEFAULT_SEED);
  if (!Number.isSafeInteger(seed)) throw new Error(`SEED must be a whole number, not "${process.env['SEED'] ?? ''}".`);
  return seed;
}

export class SeededRandom {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed;
  }

  /** Uses SEED, or a fixed seed where it is not set, and prints it, so that a failure can be repeated. */
  static forSpec(name: string): SeededRandom {
    const random = new SeededRandom(seedOfTests());
    process.stdout.write(`${name}: seed ${random.seed}\n`);
    return random;
  }

  /** At least 0 and less than 1. Algorithm: mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from `min` to `max`, both included. */
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
