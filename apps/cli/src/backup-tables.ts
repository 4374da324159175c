// Which tables a backup contains besides the log.
import type { BackupTable } from '#backup';

/** State that cannot be rebuilt from the log. Tables that others reference come first. */
export const BACKED_UP_TABLES: readonly BackupTable[] = [
  { table: 'dropped_letters', callsOut: false },
  { table: 'status_watch', callsOut: false },
  { table: 'subscription', callsOut: true },
  { table: 'subscription_secret', callsOut: true },
  { table: 'delivery', callsOut: true },
];

/** Not in this list: the log itself, what is created or rebuilt from it, and what holds nothing worth keeping. */
export const OTHER_TABLES: readonly string[] = [
  'checkpoints',
  'confidential',
  'dead_letters',
  'events',
  'feed',
  'feed_partitions',
  'log_head',
  'log_identity',
  'migrations',
  'past_chapter',
  'past_course',
  'write_probe',
];
