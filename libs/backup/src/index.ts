// Backup of the log while the system runs, restore, and verification of a backup or of the log.
export { backup, type BackupOptions, type BackupContext } from './backup.js';
export { BackupDamaged, BackupRefused } from './failure.js';
export type { BackupTable } from './table-rows.sql.js';
export type { LogDigests, LogHead } from './log-check.js';
export { readManifest, type Manifest } from './manifest.js';
export { readBackup, type ReportProgress } from './read-backup.js';
export { restore, secretFor, type RestoreContext } from './restore.js';
export { verifyLog, type LogVerification } from './verify-log.js';
