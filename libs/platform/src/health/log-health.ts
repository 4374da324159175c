// Health of the log and the followers: can the log be reached, and do the followers keep up.
import { Injectable } from '@nestjs/common';
import { EventLog, type Position } from '#event-log';
import { Checkpoints, type ProjectionProgress } from '#projection';
import { Followers, type RunningState } from '../followers.js';
import { HealthSource, type HealthResult } from './health.js';

// A few seconds at some thousand events a second. With more lag, the status that is served is out of date.
const LAG_MAX = 10_000;
// A busy follower advances its checkpoint many times a second, and a restart takes less than this.
const STALL_MAX_S = 15;

/** After a start, readiness waits this long for projections of other processes. Then reports are accepted anyway, and answers name their position. */
const CATCH_UP_MS = 60_000;

const PROBE_MS = 2_000;

type Follower = {
  readonly name: string;
  readonly position: Position;
  readonly lag: number;
  /** Time since the last progress while there is lag. */
  readonly standsStillSeconds: number;
  readonly failing: boolean;
  /** Partitions assigned to this process; omitted if it runs the complete projection, or another process does. */
  readonly partitions?: readonly number[];
  /** What an operator should do although it works. */
  readonly warning?: string;
  /** Keys that wait for an operator (`barada dead-letters`), and since when. Other keys continue. */
  readonly parkedKeys: number;
  readonly degradedSince: string | null;
};

@Injectable()
export class LogHealth extends HealthSource {
  readonly name = 'log';
  #headAtStart = 0;
  #startedAt = 0;
  #probe: { readonly at: number; readonly result: Promise<string | null> } | null = null;

  constructor(
    private readonly log: EventLog,
    private readonly checkpoints: Checkpoints,
    private readonly followers: Followers,
  ) {
    super();
  }

  /** Readiness requires that followers reach the head at this moment. */
  async started(): Promise<void> {
    this.#headAtStart = (await this.log.head()).position;
    this.#startedAt = performance.now();
  }

  async check(): Promise<HealthResult> {
    const head = await this.log.head();
    const followers = await this.#followerStates(head.position);
    const notWritable = await this.#whyNotWritable();
    const ofFollowers = followers.flatMap((follower) => this.#reasonNotReady(follower, head.position) ?? []);
    const reasons = notWritable === null ? ofFollowers : [`reports are refused: ${notWritable}`, ...ofFollowers];
    return {
      notReady: reasons.length === 0 ? null : reasons.join('; '),
      details: { head: head.position, recordedAt: head.recordedAt, notWritable, followers },
    };
  }

  /** The probe writes a page, so concurrent and frequent checks share one. */
  #whyNotWritable(): Promise<string | null> {
    if (this.#probe === null || performance.now() - this.#probe.at > PROBE_MS)
      this.#probe = { at: performance.now(), result: this.log.whyNotWritable() };
    return this.#probe.result;
  }

  /** From the log and the checkpoints: a follower that has crashed cannot report its own state. */
  async #followerStates(head: Position): Promise<readonly Follower[]> {
    const progress = new Map((await this.checkpoints.progress()).map((one) => [one.projection, one]));
    const failing = this.followers.states.filter((state) => state.failing !== null || state.takenOver);
    // Those of other processes too: answers are read from their rows.
    const names = new Set([
      ...this.followers.all().map(({ name }) => name),
      ...this.followers.dependencies,
      ...progress.keys(),
    ]);
    return [...names].map((name) => ({
      ...followerAt(name, progress.get(name) ?? { ...NEVER_SEEN, lag: head }),
      ...ownState(this.followers.states.find(({ projection }) => projection === name)),
      failing: failing.some(({ projection }) => projection === name),
    }));
  }

  // The reason is only logged: the error message may quote confidential data.
  #reasonNotReady({ name, position, lag, standsStillSeconds, failing }: Follower, head: Position): string | null {
    if (failing) return `${name} is failing`;
    if (position > head) {
      return `${name} is at position ${position}, which the log does not have: run \`npx barada rebuild ${name}\``;
    }
    const isNew = position < this.#headAtStart;
    if (!this.followers.areLocal) return isNew && this.#isAwaited(name) ? `${name} has not caught up yet` : null;
    if (isNew) return `${name} has not caught up since the start`;
    if (standsStillSeconds > STALL_MAX_S) return `${name} has made no progress for ${standsStillSeconds} s`;
    return lag > LAG_MAX ? `${name} lags by ${lag} events` : null;
  }

  #isAwaited(name: string): boolean {
    return this.followers.dependencies.has(name) && performance.now() - this.#startedAt < CATCH_UP_MS;
  }
}

function ownState(state: RunningState | undefined): Pick<Follower, 'partitions' | 'warning'> {
  return {
    ...(state?.partitions === undefined ? {} : { partitions: state.partitions }),
    ...(typeof state?.warning === 'string' ? { warning: state.warning } : {}),
  };
}

const NEVER_SEEN = { position: 0, standsStillSeconds: 0, parked: 0, degradedSince: null };

function followerAt(
  name: string,
  { position, lag, standsStillSeconds, parked, degradedSince }: Omit<ProjectionProgress, 'projection' | 'generation'>,
): Omit<Follower, 'failing'> {
  return { name, position, lag, standsStillSeconds, parkedKeys: parked, degradedSince };
}
