// Read models: folds from events to rows, and what keeps them current.
export { listDeadLetters, PARKED_KEYS_MAX, type DeadLetter } from './dead-letters.js';
export { digest, type TableDigest } from './digest.js';
export type { FollowerState } from './follower.js';
export { keepGoing, type KeepGoingParts } from './keep-going.js';
export {
  CannotCutCoarser,
  changeLayout,
  countPartitions,
  sendAnew,
  type LayoutChange,
  type LayoutParts,
} from './layout.js';
export { TooFarBehind } from './level.js';
export { Owner, Parked } from './owner.js';
export { partitionOf } from './partition.js';
export { PostgresCheckpoints } from './postgres-checkpoints.js';
export * from './projection.js';
export { ProjectionRunner, type RunnerParts } from './projection-runner.js';
export { compareWithLog, forget, rebuild, rollback, type Comparison, type Rebuilt } from './rebuild.js';
export { drop, retry, type Dropped, type Retried } from './retry.js';
export { FollowerRunner, type Following } from './runner.js';
export type { SideParts } from './side-version.js';
