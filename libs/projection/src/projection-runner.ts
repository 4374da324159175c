// Keeps projections current: each follows the log by itself, so a failing one does not hold up the others.
import type { Instant } from '#domain';
import type { Sql } from '#database';
import type { EventLog } from '#event-log';
import { Follower, type FollowerState } from './follower.js';
import type { PostgresCheckpoints } from './postgres-checkpoints.js';
import type { Projection } from './projection.js';

export type RunnerParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projections' rows: `databases.analysis`. */
  readonly sql: Sql;
  readonly projections: readonly Projection[];
  /** Told of every commit, so that who waits in this process need not poll. */
  readonly checkpoints: PostgresCheckpoints;
  readonly now: () => Instant;
  /** For the log line; what fails is tried again in any case. */
  readonly onFailure: (projection: string, error: unknown) => void;
};

export class ProjectionRunner {
  readonly #followers: readonly Follower[];
  #stopping = new AbortController();
  #loops: readonly Promise<void>[] = [];

  constructor({ projections, checkpoints, ...parts }: RunnerParts) {
    const onAdvance = checkpoints.advanced.bind(checkpoints);
    this.#followers = projections.map((projection) => new Follower(projection, { ...parts, onAdvance }));
  }

  /** Takes the projections over from whoever ran them before. */
  start(): void {
    this.#stopping = new AbortController();
    this.#loops = this.#followers.map((follower) => follower.follow(this.#stopping.signal));
  }

  /** Resolves once the batches under way are written. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  /** For health and metrics. */
  get states(): readonly FollowerState[] {
    return this.#followers.map(({ state }) => state);
  }
}
