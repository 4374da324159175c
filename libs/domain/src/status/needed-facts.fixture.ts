// Which facts must be at hand from an instant on, said in the plainest way.
import { damascusDayNumber, HOUR } from '../time.js';
import type { Seconds } from '../vocabulary.js';
import type { ObservationFact, RegionFacts, Rules } from './facts.js';
import { incidentView } from './incident-view.js';
import { endOfWindow, piecesOf, windowSteps } from './points.js';

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
