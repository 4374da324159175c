// All that the course behind an instant needs to know of what lay before it, so that nobody must read it again.
import { damascusDayNumber, HOUR } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import type { ObservationFact, RegionFacts, Rules } from './facts.js';
import { incidentView } from './incident-view.js';
import type { Held } from './levels.js';
import type { MetRedLine } from './overrides.js';
import { endOfWindow, piecesOf, windowSteps } from './points.js';
import type { CoverageTurn } from './segments.js';

/** Plain JSON. */
export type Past = {
  /** What lies before this instant. */
  readonly at: Seconds;
  readonly held: Held;
  /** How it stood just before, and since when; null: always. */
  readonly status: Status;
  readonly since: Seconds | null;
  /** Whether enough was watched just before, and since when; null: always. */
  readonly watched: CoverageTurn;
  /** By what began before. */
  readonly met: readonly MetRedLine[];
};

/** When which status began, and when enough was watched or no longer; null: it was always so. */
export type Changes = {
  readonly status: readonly { readonly from: Seconds | null; readonly status: Status }[];
  readonly watched: readonly CoverageTurn[];
};

/** How far an incident or an observation reaches beyond its end. */
export function reachOf(rules: Rules): Seconds {
  return Math.max(windowSteps(rules).at(-1)?.to ?? 0, rules.coverage.vouchHours * HOUR);
}

/**
 * Of all facts about a region those that bear on how it stands at an instant or later, apart from its past. Of a day of
 * which one incident bears, all do: they share the cap.
 */
export function bearingOn(facts: RegionFacts, rules: Rules, at: Seconds): RegionFacts {
  const window = windowSteps(rules);
  const dated = facts.incidents.flatMap((incident) => {
    const view = incidentView(incident, new Map());
    if (!view) return [];
    const bears = endOfWindow(piecesOf(view.from, view.to), window) > at;
    return [{ incident, day: damascusDayNumber(view.from), bears }];
  });
  const days = new Set(dated.filter(({ bears }) => bears).map(({ day }) => day));
  return {
    ...facts,
    incidents: dated.filter(({ day }) => days.has(day)).map(({ incident }) => incident),
    observations: facts.observations.filter((one) => bearsOn(one, rules, at)),
  };
}

function bearsOn({ from, to }: ObservationFact, { coverage }: Rules, at: Seconds): boolean {
  return Math.max(from, to) + coverage.vouchHours * HOUR > at;
}
