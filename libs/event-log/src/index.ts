// The event log: append events, read them, wait for new ones; and run a command against it (`transact`).
export * from './event-log.js';
export { stateOf } from './fold.js';
export {
  isConnectionFailure,
  isTimeout,
  isUnavailable,
  LogUnavailable,
  StaleVersion,
  VersionConflict,
} from './failures.js';
export { PostgresConfidentialReader } from './confidential-store.js';
export { eventsInLog, readLogIdentity, adoptLog, startLogGeneration, type LogIdentity } from './log-identity.sql.js';
export { PostgresEventLog } from './postgres-event-log.js';
export { transact, type StreamAddition, type Histories, type TransactResult, type Transaction } from './transact.js';
