// The only source of the current time, so that tests can set it.
import type { Instant } from '#domain';

export abstract class Clock {
  abstract now(): Instant;
}

export class SystemClock extends Clock {
  override now(): Instant {
    return new Date().toISOString();
  }
}
