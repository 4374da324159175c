// The only source of randomness in alerting, so that tests can replace it.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';

export abstract class Random {
  /** 0 <= fraction < 1 */
  abstract fraction(): number;
  abstract bytes(size: number): Buffer;
  abstract id(): string;
}

const FRACTION_STEPS = 2 ** 32;

export class SystemRandom extends Random {
  override fraction(): number {
    return randomInt(FRACTION_STEPS) / FRACTION_STEPS;
  }

  override bytes(size: number): Buffer {
    return randomBytes(size);
  }

  override id(): string {
    return randomUUID();
  }
}
