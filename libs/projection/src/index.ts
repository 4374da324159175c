// Read models: folds from events to rows, and what keeps them current.
export type { FollowerState } from './follower.js';
export { PostgresCheckpoints } from './postgres-checkpoints.js';
export * from './projection.js';
export { ProjectionRunner, type RunnerParts } from './projection-runner.js';
export { digest, rebuild, type TableDigest } from './rebuild.js';
