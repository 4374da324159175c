// Which tables a backup keeps beside the log.
import type { BackupTable } from '#backup';

/** What the log does not tell, and read models, which are made anew from it, do not hold. Those that others refer to come first. */
export const BACKED_UP_TABLES: readonly BackupTable[] = [
  { table: 'dropped_letters', callsOut: false },
  { table: 'status_watch', callsOut: false },
  { table: 'subscription', callsOut: true },
  { table: 'subscription_secret', callsOut: true },
  { table: 'delivery', callsOut: true },
];

/** Neither: the log itself, and what the program makes anew by itself. */
export const OTHER_TABLES: readonly string[] = [
  'checkpoints',
  'confidential',
  'dead_letters',
  'events',
  'feed',
  'feed_partitions',
  'log_head',
  'migrations',
  'past_chapter',
  'past_course',
];
