// The carry-over state: everything that a later timeline needs to know about the time before an instant.
import { HOUR } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import type { Rules } from './facts.js';
import type { HeldLevel } from './levels.js';
import type { RedLineMatch } from './overrides.js';
import { windowSteps } from './points.js';
import type { CoverageCrossing } from './segments.js';

/** Plain JSON. */
export type CarryOver = {
  /** The state covers the time before this instant. */
  readonly at: Seconds;
  readonly held: HeldLevel;
  /** The status just before, and since when; null: always. */
  readonly status: Status;
  readonly since: Seconds | null;
  /** Whether coverage was sufficient just before, and since when; null: always. */
  readonly watched: CoverageCrossing;
  /** Red lines met by incidents that began before. */
  readonly met: readonly RedLineMatch[];
};

/** When each status began and when coverage crossed the required share; null: it was always so. */
export type TimelineChanges = {
  readonly status: readonly { readonly from: Seconds | null; readonly status: Status }[];
  readonly watched: readonly CoverageCrossing[];
};

/** How long an incident or an observation can affect the status beyond its end. */
export function reachOf(rules: Rules): Seconds {
  return Math.max(windowSteps(rules).at(-1)?.to ?? 0, rules.coverage.vouchHours * HOUR);
}
