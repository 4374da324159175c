// All that the course behind an instant needs to know of what lay before it, so that nobody must read it again.
import { HOUR } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import type { Rules } from './facts.js';
import type { Held } from './levels.js';
import type { MetRedLine } from './overrides.js';
import { windowSteps } from './points.js';
import type { CoverageCrossing } from './segments.js';

/** Plain JSON. */
export type CarryOver = {
  /** What lies before this instant. */
  readonly at: Seconds;
  readonly held: Held;
  /** How it stood just before, and since when; null: always. */
  readonly status: Status;
  readonly since: Seconds | null;
  /** Whether enough was watched just before, and since when; null: always. */
  readonly watched: CoverageCrossing;
  /** By what began before. */
  readonly met: readonly MetRedLine[];
};

/** When which status began, and when enough was watched or no longer; null: it was always so. */
export type TimelineChanges = {
  readonly status: readonly { readonly from: Seconds | null; readonly status: Status }[];
  readonly watched: readonly CoverageCrossing[];
};

/** How far an incident or an observation reaches beyond its end. */
export function reachOf(rules: Rules): Seconds {
  return Math.max(windowSteps(rules).at(-1)?.to ?? 0, rules.coverage.vouchHours * HOUR);
}
