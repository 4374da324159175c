// Selects the facts that a timeline from an instant on needs, in the most obvious way, for the property suites.
import { damascusDayNumber, HOUR } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import type { ObservationFact, RegionFacts, Rules } from './facts.js';
import { incidentView } from './incident-view.js';
import { endOfWindow, piecesOf, windowSteps } from './points.js';

/**
 * The facts that affect the status at an instant or later, given the carry-over state. If one incident of a day does, all
 * incidents of that day do, because they share the cap.
 */
export function neededFrom(facts: RegionFacts, rules: Rules, at: Seconds): RegionFacts {
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
    observations: facts.observations.filter((one) => isNeeded(one, rules, at)),
  };
}

function isNeeded({ from, to }: ObservationFact, { coverage }: Rules, at: Seconds): boolean {
  return Math.max(from, to) + coverage.vouchHours * HOUR > at;
}
