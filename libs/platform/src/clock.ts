// Time comes in from here and nowhere else.
import type { Instant } from '#domain';

export abstract class Clock {
  abstract now(): Instant;
}

export class SystemClock extends Clock {
  override now(): Instant {
    return new Date().toISOString();
  }
}
