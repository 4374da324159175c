// The platform's own source: can the log be reached, and do the followers keep up.
import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { Checkpoints } from '#projection';
import { Followers } from '../followers.js';
import { HealthSource, type Finding } from './health.js';

// At some thousands of events a second this is a few seconds: behind that, what is served is not today's status.
const LAG_MAX = 10_000;

@Injectable()
export class LogHealth extends HealthSource {
  readonly name = 'log';

  constructor(
    private readonly log: EventLog,
    private readonly checkpoints: Checkpoints,
    private readonly followers: Followers,
  ) {
    super();
  }

  async look(): Promise<Finding> {
    const head = await this.log.head();
    const positions = new Map((await this.checkpoints.all()).map((at) => [at.projection, at.position]));
    const standing = this.followers.all().map(({ name }) => {
      const position = positions.get(name) ?? 0;
      return { name, position, lag: Math.max(0, head.position - position) };
    });
    const behind = standing
      .filter(({ lag }) => lag > LAG_MAX)
      .map(({ name, lag }) => `${name} is ${lag} events behind`);
    return {
      notReady: behind.length === 0 ? null : behind.join('; '),
      details: { head: head.position, recordedAt: head.recordedAt, followers: standing },
    };
  }
}
