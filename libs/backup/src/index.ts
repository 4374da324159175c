// The log kept elsewhere: backups while the system runs, their restoring, and the proof that all is as it was written.
export { backup, type BackupOptions, type BackupParts } from './backup.js';
export { BackupDamaged, BackupRefused } from './failure.js';
export type { KeptTable } from './kept-rows.js';
export type { Digests, Head } from './log-check.js';
export { readManifest, type Manifest } from './manifest.js';
export { readBackup, type Progress } from './read-backup.js';
export { restore, secretFor, type RestoreParts } from './restore.js';
export { verifyLog, type LogVerified } from './verify-log.js';
