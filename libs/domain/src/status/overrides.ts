// What holds a region's status whatever its points are: where no instrument is in force, open episodes, red lines met
// (DOMAIN, section 4, rules 1, 9 and 11).
import type { Seconds } from '../vocabulary.js';
import { joined, type Interval } from './coverage.js';
import type { EpisodeFact, Framework, Instrument, Lens, RedLineFact } from './facts.js';
import type { ScoredIncident } from './points.js';
import { covers, episodeApplicability, exclusionsOf, regimesOf } from './scope.js';

/** When some instrument is in force in the region: it names the region or something around it. */
export function covered(framework: Framework, region: string): readonly Interval[] {
  return joined(instrumentsOf(framework, region).map(({ from, to }) => ({ from, to: to ?? Infinity })));
}

function instrumentsOf({ instruments, regions }: Framework, region: string): readonly Instrument[] {
  const around = regions.containing(region);
  return instruments.filter((instrument) => covers(instrument, around));
}

export type Floor = Interval & { readonly episode: EpisodeFact };

/** When which episode keeps the region at least `violated`. By start of the episode, then by its id. */
export function floors(
  framework: Framework,
  lens: Lens,
  region: string,
  episodes: readonly EpisodeFact[],
): readonly Floor[] {
  const around = framework.regions.containing(region);
  const regimes = regimesOf(framework, lens);
  const turns = regimeTurns(instrumentsOf(framework, region), lens);
  return episodes
    .filter((episode) => around.includes(episode.region))
    .sort((one, other) => one.from - other.from || (one.episode < other.episode ? -1 : 1))
    .flatMap((episode) =>
      stretches({ from: episode.from, to: episode.to ?? Infinity }, turns)
        .filter(({ from }) => {
          const regime = regimes(around, from);
          return regime !== null && episodeApplicability(episode, regime, lens) === 'applies';
        })
        .map((stretch) => ({ ...stretch, episode })),
    );
}

/** The instants at which it may change who is bound and who is excluded. */
function regimeTurns(instruments: readonly Instrument[], lens: Lens): readonly Seconds[] {
  const turns = instruments.flatMap((instrument) => [
    instrument.from,
    ...(instrument.to === null ? [] : [instrument.to]),
    ...exclusionsOf(instrument, lens).map(({ since }) => since),
  ]);
  return [...new Set(turns)].sort((one, other) => one - other);
}

/** The interval, cut at each turn within it. */
function stretches({ from, to }: Interval, turns: readonly Seconds[]): readonly Interval[] {
  const within = turns.filter((turn) => turn > from && turn < to);
  return [from, ...within].map((start, index) => ({ from: start, to: within[index] ?? to }));
}

export type RedLineStanding = {
  readonly redLine: RedLineFact;
  /** False: it is another's line under this lens; it is marked and does not move the status. */
  readonly honoured: boolean;
  /** From the start of the first incident that fits until the line is withdrawn; null: none fits. */
  readonly met: (Interval & { readonly incident: string }) | null;
};

/** A red line with the first incident that fits it. */
export type MetRedLine = { readonly redLine: string; readonly incident: string; readonly from: Seconds };

/** The red lines about this region, by id. `met`: by earlier incidents than those given. */
export function redLineStandings(
  framework: Framework,
  lens: Lens,
  region: string,
  facts: {
    readonly redLines: readonly RedLineFact[];
    readonly incidents: readonly ScoredIncident[];
    readonly met: readonly MetRedLine[];
  },
): readonly RedLineStanding[] {
  return facts.redLines
    .filter((redLine) => redLine.region === region)
    .sort((one, other) => (one.redLine < other.redLine ? -1 : 1))
    .map((redLine) => {
      const first = facts.met.find((met) => met.redLine === redLine.redLine) ?? firstMeeting(facts.incidents, redLine);
      const met = first && { incident: first.incident, from: first.from, to: redLine.withdrawnAt ?? Infinity };
      return { redLine, honoured: honours(lens, redLine, framework), met: met ?? null };
    });
}

/** The incidents are in order of their start, so the first that fits is the one that met it. */
function firstMeeting(incidents: readonly ScoredIncident[], redLine: RedLineFact): Omit<MetRedLine, 'redLine'> | null {
  const first = incidents.find((incident) => meets(incident, redLine));
  return first ? { incident: first.view.incident, from: first.view.from } : null;
}

/** Applicability comes first: what does not count under a lens meets no red line under it either. */
function meets({ view, uncounted }: ScoredIncident, { condition }: RedLineFact): boolean {
  if (uncounted !== null) return false;
  if (view.level !== 'verified_remote' && view.level !== 'verified_on_site') return false;
  if (!view.kinds.includes(condition.kind)) return false;
  return condition.by === null || condition.by.some((actor) => view.accused.includes(actor));
}

function honours({ positionsOf }: Lens, { declaredBy }: RedLineFact, { actors }: Framework): boolean {
  if (positionsOf === undefined || positionsOf === null) return true;
  return declaredBy === positionsOf || (actors.get(declaredBy)?.guarantors.includes(positionsOf) ?? false);
}
