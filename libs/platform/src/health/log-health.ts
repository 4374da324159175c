// The platform's own source: can the log be reached, and do the followers keep up.
import { Injectable } from '@nestjs/common';
import { EventLog, type Position } from '#event-log';
import { Checkpoints } from '#projection';
import { Followers } from '../followers.js';
import { HealthSource, type Finding } from './health.js';

// At some thousands of events a second this is a few seconds: behind that, what is served is not today's status.
const LAG_MAX = 10_000;

type Standing = { readonly name: string; readonly position: Position; readonly lag: number; readonly failing: boolean };

@Injectable()
export class LogHealth extends HealthSource {
  readonly name = 'log';
  #headAtStart = 0;

  constructor(
    private readonly log: EventLog,
    private readonly checkpoints: Checkpoints,
    private readonly followers: Followers,
  ) {
    super();
  }

  /** Ready is who has caught up with what was there at the start. */
  async started(): Promise<void> {
    this.#headAtStart = (await this.log.head()).position;
  }

  async look(): Promise<Finding> {
    const head = await this.log.head();
    const standings = await this.#standings(head.position);
    const troubles = standings.flatMap((standing) => this.#trouble(standing) ?? []);
    return {
      notReady: troubles.length === 0 ? null : troubles.join('; '),
      details: { head: head.position, recordedAt: head.recordedAt, followers: standings },
    };
  }

  async #standings(head: Position): Promise<readonly Standing[]> {
    const positions = new Map((await this.checkpoints.all()).map((at) => [at.projection, at.position]));
    const failing = this.followers.states.filter((state) => state.failing !== null || state.takenOver);
    return this.followers.all().map(({ name }) => {
      const position = positions.get(name) ?? 0;
      const isFailing = failing.some(({ projection }) => projection === name);
      return { name, position, lag: Math.max(0, head - position), failing: isFailing };
    });
  }

  // Why it fails is in the log: the message may quote what nobody should read here.
  #trouble({ name, position, lag, failing }: Standing): string | null {
    if (failing) return `${name} fails`;
    if (position < this.#headAtStart) return `${name} has not caught up since the start`;
    return lag > LAG_MAX ? `${name} is ${lag} events behind` : null;
  }
}
