// The log kept elsewhere: backups while the system runs, their restoring, and the proof that all is as it was written.
export { backup, type BackupOptions, type BackupContext } from './backup.js';
export { BackupDamaged, BackupRefused } from './failure.js';
export type { BackupTable } from './table-rows.sql.js';
export type { LogDigests, LogHead } from './log-check.js';
export { readManifest, type Manifest } from './manifest.js';
export { readBackup, type ReportProgress } from './read-backup.js';
export { restore, secretFor, type RestoreContext } from './restore.js';
export { verifyLog, type LogVerification } from './verify-log.js';
