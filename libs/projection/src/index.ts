// Read models: folds from events to rows, and what keeps them current.
export { listDeadLetters, PARKED_KEYS_MAX, type DeadLetter } from './dead-letters.js';
export { digest, type TableDigest } from './digest.js';
export type { FollowerState } from './follower.js';
export { runLoop, type RunLoopOptions } from './keep-going.js';
export {
  CannotReducePartitions,
  repartition,
  countPartitions,
  resendFrom,
  type PartitionCountChange,
  type RepartitionParts,
} from './layout.js';
export { LagTooLarge } from './level.js';
export { PartitionOwner, KeyParked } from './owner.js';
export { partitionOf } from './partition.js';
export { PostgresCheckpoints } from './postgres-checkpoints.js';
export * from './projection.js';
export { ProjectionRunner, type RunnerParts } from './projection-runner.js';
export { compareWithLog, discardPrevious, rebuild, rollback, type Comparison, type RebuildResult } from './rebuild.js';
export { dropDeadLetter, retryDeadLetters, type DroppedLetter, type RetryResult } from './retry.js';
export { FollowerRunner, type FollowerLoop } from './runner.js';
export type { SideVersionParts } from './side-version.js';
