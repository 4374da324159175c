// The scores of a region's incidents under a lens (rules.md, rules 1 to 6). The score of an incident before the cap is the
// same in every region that contains it, so it is computed once and cached.
import { damascusDayNumber } from '../time.js';
import type { Framework, IncidentFact, Lens, Rules } from './facts.js';
import { incidentView, type IncidentView } from './incident-view.js';
import {
  piecesOf,
  roundedShare,
  THOUSAND,
  thousandths,
  type ScoredIncident,
  type Thousandths,
  type NotCountedReason,
} from './points.js';
import { applicabilityUnder, regimesOf, type Regimes } from './scope.js';

export type Score = {
  /** Before the cap. */
  readonly full: ScoredIncident;
  /** The same when the cap leaves nothing of it. */
  readonly cappedOut: ScoredIncident;
  /** Incidents with the same key share a cap; null: not capped. */
  readonly capped: string | null;
};

/** Null when the incident has no report. */
export type Scores = (fact: IncidentFact) => Score | null;

type ScoreCache = WeakMap<IncidentFact, Score | null>;
// Keyed by everything else that a score depends on: registers are folded into new objects when they change.
type ByRules = WeakMap<Rules, ScoreCache>;
type ByLens = WeakMap<Lens, ByRules>;
type ByInstruments = WeakMap<Framework['instruments'], ByLens>;
type ByActors = WeakMap<Framework['actors'], ByInstruments>;
const all = new WeakMap<Framework['alignments'], ByActors>();

export function scoresOf(framework: Framework, lens: Lens, rules: Rules): Scores {
  const byActors: ByActors = cachedIn(all, framework.alignments, () => new WeakMap());
  const byInstruments: ByInstruments = cachedIn(byActors, framework.actors, () => new WeakMap());
  const byLens: ByLens = cachedIn(byInstruments, framework.instruments, () => new WeakMap());
  const known: ScoreCache = cachedIn(
    cachedIn(byLens, lens, () => new WeakMap()),
    rules,
    () => new WeakMap(),
  );
  const regimes = regimesOf(framework, lens);
  return (fact) => {
    const score = known.get(fact);
    if (score !== undefined) return score;
    const view = incidentView(fact, framework.alignments);
    const made = view && scoreOf(view, regimes, { lens, rules });
    known.set(fact, made);
    return made;
  };
}

/** The incidents that count in the region, ordered by start and id, with the cap of rule 5 applied. */
export function scoreIncidents(
  incidents: readonly IncidentFact[],
  region: string,
  scores: Scores,
  rules: Rules,
): readonly ScoredIncident[] {
  const here: Score[] = [];
  for (const incident of incidents) {
    const score = incident.mergedInto === null ? scores(incident) : null;
    if (score?.full.view.regions.includes(region) === true) here.push(score);
  }
  const cap = thousandths(rules.unverifiedCap);
  const room = new Map<string, Thousandths>();
  return here.sort(earliestFirst).map(({ full, cappedOut, capped }) => {
    if (capped === null) return full;
    const left = room.get(capped) ?? cap;
    const weighted = Math.min(full.weighted, left);
    room.set(capped, left - weighted);
    if (weighted === full.weighted) return full;
    return weighted === 0 ? cappedOut : { ...full, weighted };
  });
}

function earliestFirst({ full: { view: one } }: Score, { full: { view: other } }: Score): number {
  return one.from - other.from || (one.incident < other.incident ? -1 : 1);
}

function scoreOf(view: IncidentView, regimes: Regimes, { lens, rules }: { lens: Lens; rules: Rules }): Score {
  const points = thousandths(rules.severityPoints[view.severity]);
  const worth = roundedShare(points * thousandths(rules.verificationWeight[view.level]), THOUSAND);
  const uncounted = notApplicable(view, regimes, lens) ?? (view.level === 'refuted' && worth === 0 ? 'refuted' : null);
  const full: ScoredIncident = {
    ...{ view, uncounted, points, pieces: piecesOf(view.from, view.to) },
    weighted: uncounted === null ? worth : 0,
  };
  if (uncounted !== null || !isCapped(view)) return { full, cappedOut: full, capped: null };
  return {
    full,
    cappedOut: { ...full, uncounted: 'capped', weighted: 0 },
    capped: `${damascusDayNumber(view.from)} ${view.alignments[0] ?? ''}`,
  };
}

function notApplicable(view: IncidentView, regimes: Regimes, lens: Lens): NotCountedReason | null {
  if (view.withdrawn) return 'withdrawn';
  const applicability = applicabilityUnder(regimes, view, lens);
  return applicability === 'applies' ? null : applicability;
}

function isCapped({ level }: IncidentView): boolean {
  return level === 'reported' || level === 'unverifiable';
}

function cachedIn<Key extends object, Value>(caches: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = caches.get(key);
  if (known !== undefined) return known;
  const made = make();
  caches.set(key, made);
  return made;
}
