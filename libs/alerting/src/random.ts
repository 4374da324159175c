// Chance comes in from here and nowhere else.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';

export abstract class Random {
  /** 0 <= fraction < 1 */
  abstract fraction(): number;
  abstract bytes(size: number): Buffer;
  abstract id(): string;
}

const STEPS = 2 ** 32;

export class SystemRandom extends Random {
  override fraction(): number {
    return randomInt(STEPS) / STEPS;
  }

  override bytes(size: number): Buffer {
    return randomBytes(size);
  }

  override id(): string {
    return randomUUID();
  }
}
