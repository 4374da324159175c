// Health detail of the status watch. Its failure makes no process unready: reports and status reads still work.
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
