// What overrides the points: no instrument in force, open episodes, red lines that are met (rules.md, rules 1, 9 and 11).
import type { Seconds } from '../vocabulary.js';
import { mergedIntervals, type Interval } from './coverage.js';
import type { EpisodeFact, Framework, Instrument, Lens, RedLineFact } from './facts.js';
import type { ScoredIncident } from './points.js';
import { covers, episodeApplicability, exclusionsOf, regimesOf } from './scope.js';

/** When an instrument is in force in the region: one that names the region or a region that contains it. */
export function covered(framework: Framework, region: string): readonly Interval[] {
  return mergedIntervals(instrumentsOf(framework, region).map(({ from, to }) => ({ from, to: to ?? Infinity })));
}

function instrumentsOf({ instruments, regions }: Framework, region: string): readonly Instrument[] {
  const around = regions.containing(region);
  return instruments.filter((instrument) => covers(instrument, around));
}

export type Floor = Interval & { readonly episode: EpisodeFact };

/** The intervals in which an episode keeps the region at least `violated`, ordered by the episode's start and id. */
export function floors(
  framework: Framework,
  lens: Lens,
  region: string,
  episodes: readonly EpisodeFact[],
): readonly Floor[] {
  const around = framework.regions.containing(region);
  const regimes = regimesOf(framework, lens);
  const changes = regimeChanges(instrumentsOf(framework, region), lens);
  return episodes
    .filter((episode) => around.includes(episode.region))
    .sort((one, other) => one.from - other.from || (one.episode < other.episode ? -1 : 1))
    .flatMap((episode) =>
      splitAt({ from: episode.from, to: episode.to ?? Infinity }, changes)
        .filter(({ from }) => {
          const regime = regimes(around, from);
          return regime !== null && episodeApplicability(episode, regime, lens) === 'applies';
        })
        .map((interval) => ({ ...interval, episode })),
    );
}

/** The instants at which the set of bound or excluded actors may change. */
function regimeChanges(instruments: readonly Instrument[], lens: Lens): readonly Seconds[] {
  const changes = instruments.flatMap((instrument) => [
    instrument.from,
    ...(instrument.to === null ? [] : [instrument.to]),
    ...exclusionsOf(instrument, lens).map(({ since }) => since),
  ]);
  return [...new Set(changes)].sort((one, other) => one - other);
}

/** The interval, split at each change within it. */
function splitAt({ from, to }: Interval, changes: readonly Seconds[]): readonly Interval[] {
  const within = changes.filter((change) => change > from && change < to);
  return [from, ...within].map((start, index) => ({ from: start, to: within[index] ?? to }));
}

export type RedLineState = {
  readonly redLine: RedLineFact;
  /** False: this lens does not honour the line; it is listed and does not affect the status. */
  readonly honoured: boolean;
  /** From the start of the first matching incident until the line is withdrawn; null: none matches. */
  readonly met: (Interval & { readonly incident: string }) | null;
};

/** A red line with the first incident that matches its condition. */
export type RedLineMatch = { readonly redLine: string; readonly incident: string; readonly from: Seconds };

/** The red lines of this region, by id. `met`: those met by incidents that are not among the given ones. */
export function redLineStates(
  framework: Framework,
  lens: Lens,
  region: string,
  facts: {
    readonly redLines: readonly RedLineFact[];
    readonly incidents: readonly ScoredIncident[];
    readonly met: readonly RedLineMatch[];
  },
): readonly RedLineState[] {
  return facts.redLines
    .filter((redLine) => redLine.region === region)
    .sort((one, other) => (one.redLine < other.redLine ? -1 : 1))
    .map((redLine) => {
      const first = facts.met.find((met) => met.redLine === redLine.redLine) ?? firstMatch(facts.incidents, redLine);
      const met = first && { incident: first.incident, from: first.from, to: redLine.withdrawnAt ?? Infinity };
      return { redLine, honoured: honours(lens, redLine, framework), met: met ?? null };
    });
}

/** The incidents are ordered by start, so the first match is the incident that met the line. */
function firstMatch(incidents: readonly ScoredIncident[], redLine: RedLineFact): Omit<RedLineMatch, 'redLine'> | null {
  const first = incidents.find((incident) => matches(incident, redLine));
  return first ? { incident: first.view.incident, from: first.view.from } : null;
}

/** An incident that does not count under a lens meets no red line under it. */
function matches({ view, uncounted }: ScoredIncident, { condition }: RedLineFact): boolean {
  if (uncounted !== null) return false;
  if (view.level !== 'verified_remote' && view.level !== 'verified_on_site') return false;
  if (!view.kinds.includes(condition.kind)) return false;
  return condition.by === null || condition.by.some((actor) => view.accused.includes(actor));
}

function honours({ positionsOf }: Lens, { declaredBy }: RedLineFact, { actors }: Framework): boolean {
  if (positionsOf === undefined || positionsOf === null) return true;
  return declaredBy === positionsOf || (actors.get(declaredBy)?.guarantors.includes(positionsOf) ?? false);
}
