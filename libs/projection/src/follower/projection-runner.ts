// Runs projections from the log, in this process alone.
import type { Instant } from '#domain';
import type { Sql } from '#database';
import type { EventLog } from '#event-log';
import { Follower } from './follower.js';
import type { PostgresCheckpoints } from '../checkpoint/postgres-checkpoints.js';
import type { Projection } from '../projection.js';
import { FollowerRunner } from './follower-runner.js';

export type RunnerParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the projections' rows: `databases.analysis`. */
  readonly sql: Sql;
  readonly projections: readonly Projection[];
  /** Notified of every commit, so that waiters in this process need not poll. */
  readonly checkpoints: PostgresCheckpoints;
  readonly now: () => Instant;
  /** For the log line; failures are retried in any case. */
  readonly onFailure: (projection: string, error: unknown) => void;
};

export class ProjectionRunner extends FollowerRunner {
  constructor({ projections, checkpoints, ...parts }: RunnerParts) {
    const onAdvance = checkpoints.advanced.bind(checkpoints);
    super(projections.map((projection) => new Follower(projection, { ...parts, onAdvance })));
  }
}
