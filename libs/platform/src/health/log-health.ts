// The platform's own source: can the log be reached, and do the followers keep up.
import { Injectable } from '@nestjs/common';
import { EventLog, type Position } from '#event-log';
import { Checkpoints, type ProjectionProgress } from '#projection';
import { Followers, type RunningState } from '../followers.js';
import { HealthSource, type HealthResult } from './health.js';

// At some thousands of events a second this is a few seconds: behind that, what is served is not today's status.
const LAG_MAX = 10_000;
// A busy follower moves its checkpoint many times a second, and a restart takes less than that.
const STANDSTILL_MAX_S = 15;

/** So long is waited, after a start, for what others fold. Then reports are taken in all the same, and answers say up to where they rest on. */
const CATCH_UP_MS = 60_000;

type Follower = {
  readonly name: string;
  readonly position: Position;
  readonly lag: number;
  /** For how long there has been something to fold and nothing was. */
  readonly standsStillSeconds: number;
  readonly failing: boolean;
  /** Those that are this process's; left out where it runs the whole projection, or another process does. */
  readonly partitions?: readonly number[];
  /** Keys that wait for somebody to look (`barada dead-letters`), and since when. The others go on. */
  readonly parkedKeys: number;
  readonly degradedSince: string | null;
};

@Injectable()
export class LogHealth extends HealthSource {
  readonly name = 'log';
  #headAtStart = 0;
  #startedAt = 0;

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
    this.#startedAt = performance.now();
  }

  async check(): Promise<HealthResult> {
    const head = await this.log.head();
    const followers = await this.#look(head.position);
    const troubles = followers.flatMap((follower) => this.#trouble(follower) ?? []);
    return {
      notReady: troubles.length === 0 ? null : troubles.join('; '),
      details: { head: head.position, recordedAt: head.recordedAt, followers },
    };
  }

  /** By what the log and the checkpoints say: a follower that has died says nothing about itself. */
  async #look(head: Position): Promise<readonly Follower[]> {
    const proofs = new Map((await this.checkpoints.progress()).map((proof) => [proof.projection, proof]));
    const failing = this.followers.states.filter((state) => state.failing !== null || state.takenOver);
    // Those of other processes too: what is served rests on them, whoever runs them.
    const names = new Set([
      ...this.followers.all().map(({ name }) => name),
      ...this.followers.dependencies,
      ...proofs.keys(),
    ]);
    return [...names].map((name) => ({
      ...followerAt(name, proofs.get(name) ?? { ...NEVER_SEEN, lag: head }),
      ...ownPartitions(this.followers.states.find(({ projection }) => projection === name)),
      failing: failing.some(({ projection }) => projection === name),
    }));
  }

  // Why it fails is in the log: the message may quote what nobody should read here.
  #trouble({ name, position, lag, standsStillSeconds, failing }: Follower): string | null {
    if (failing) return `${name} fails`;
    const isNew = position < this.#headAtStart;
    if (!this.followers.areLocal) return isNew && this.#isWaitedFor(name) ? `${name} is not there yet` : null;
    if (isNew) return `${name} has not caught up since the start`;
    if (standsStillSeconds > STANDSTILL_MAX_S) return `${name} has stood still for ${standsStillSeconds} s`;
    return lag > LAG_MAX ? `${name} is ${lag} events behind` : null;
  }

  #isWaitedFor(name: string): boolean {
    return this.followers.dependencies.has(name) && performance.now() - this.#startedAt < CATCH_UP_MS;
  }
}

function ownPartitions(state: RunningState | undefined): Pick<Follower, 'partitions'> {
  return state?.partitions === undefined ? {} : { partitions: state.partitions };
}

const NEVER_SEEN = { position: 0, standsStillSeconds: 0, parked: 0, degradedSince: null };

function followerAt(
  name: string,
  { position, lag, standsStillSeconds, parked, degradedSince }: Omit<ProjectionProgress, 'projection' | 'generation'>,
): Omit<Follower, 'failing'> {
  return { name, position, lag, standsStillSeconds, parkedKeys: parked, degradedSince };
}
