export * from './event-log.js';
export { stateOf } from './fold.js';
export { isConnectionFailure, isTimeout, LogUnavailable, StaleVersion, VersionConflict } from './failures.js';
export { PostgresConfidentialReader } from './postgres-confidential-reader.js';
export { PostgresEventLog } from './postgres-event-log.js';
export { transact, type StreamAddition, type Histories, type TransactResult, type Transaction } from './transact.js';
