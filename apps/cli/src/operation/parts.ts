// What the system is made of, as the operator's commands see it.
import { AlertsProjection } from '#alerting';
import type { KeptTable } from '#backup';
import type { Settings } from '#platform';
import type { Projection } from '#projection';
import { FactsProjection } from '#status';

/** Read models: made anew from the log, so no backup holds them. */
export function projectionsOf({ alertHorizonDays }: Settings): readonly Projection[] {
  return [new FactsProjection(), new AlertsProjection(alertHorizonDays)];
}

/** What the log does not tell. Those that others refer to come first. */
export const KEPT_TABLES: readonly KeptTable[] = [
  { table: 'dropped_letters', callsOut: false },
  { table: 'status_watch', callsOut: false },
  { table: 'subscription', callsOut: true },
  { table: 'subscription_secret', callsOut: true },
  { table: 'delivery', callsOut: true },
];

/** Neither: the log itself, and what the program makes anew by itself. */
export const OWN_TABLES: readonly string[] = [
  'checkpoints',
  'confidential',
  'dead_letters',
  'events',
  'log_head',
  'migrations',
];
