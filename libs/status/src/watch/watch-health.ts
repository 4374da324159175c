// What the health routes tell of the watch. That it fails does not keep reports out or status from being read.
import { instantOf } from '#domain';
import { HealthSource, type HealthResult } from '#platform';
import type { StatusWatch } from './status-watch.js';

export class WatchHealth extends HealthSource {
  readonly name = 'status-watch';

  constructor(private readonly watch: StatusWatch) {
    super();
  }

  check(): Promise<HealthResult> {
    const { position, watchedUntil, nextDue, failing } = this.watch.state;
    return Promise.resolve({
      notReady: null,
      details: {
        position,
        watchedUntil: watchedUntil === null ? null : instantOf(watchedUntil),
        nextDue: nextDue === null ? null : instantOf(nextDue),
        failing,
      },
    });
  }
}
