// Read models: projections fold events into rows; followers keep them current; checkpoints say how far they are.
export { listDeadLetters, PARKED_KEYS_MAX, type DeadLetter } from './fold/dead-letter-store.js';
export { digest, type TableDigest } from './rebuild/digest.sql.js';
export type { FollowerState } from './follower/follower.js';
export { runLoop, type RunLoopOptions } from './follower/run-loop.js';
export {
  CannotReducePartitions,
  repartition,
  resendFrom,
  type PartitionCountChange,
  type RepartitionParts,
} from './partition/repartition.js';
export { countPartitions, readSent } from './partition/feed-store.js';
export { LagTooLarge } from './partition/align-partitions.js';
export { PartitionOwner, KeyParked } from './fold/partition-owner.js';
export { partitionOf } from './partition/partition.js';
export { PostgresCheckpoints } from './checkpoint/postgres-checkpoints.js';
export * from './projection.js';
export { ProjectionRunner, type RunnerParts } from './follower/projection-runner.js';
export {
  compareWithLog,
  discardPrevious,
  rebuild,
  rollback,
  type Comparison,
  type RebuildResult,
} from './rebuild/rebuild.js';
export { dropDeadLetter, retryDeadLetters, type DroppedLetter, type RetryResult } from './fold/dead-letters.js';
export { FollowerRunner, type FollowerLoop } from './follower/follower-runner.js';
export type { SideVersionParts } from './rebuild/side-version.js';
