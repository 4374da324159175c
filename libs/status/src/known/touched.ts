// The regions and the interval that a changed fact affects.
import type { Sql } from '#database';
import { instantOf, type EpisodeFact, type RedLineFact, type Seconds } from '#domain';
import type { Position } from '#event-log';
import type { Observation } from '../facts/fold-observation.js';
import type { Bearings } from './bearings.js';
import {
  movedIncidents,
  replacedEpisodes,
  replacedObservations,
  replacedRedLines,
  type Changed,
  type LearntAt,
  type Replaced,
  type Span,
} from './load-facts.js';

/** Nothing before `from` changes; after `until` only the carry-over state can differ. */
export type Touched = LearntAt & {
  readonly regions: readonly string[];
  readonly from: Seconds;
  readonly until: Seconds;
};

export type Changes = {
  readonly incidents: readonly Changed[];
  readonly observations: readonly Replaced<Observation>[];
  readonly episodes: readonly Replaced<EpisodeFact>[];
  readonly redLines: readonly Replaced<RedLineFact>[];
};

/** What the delta affects before an instant. */
export async function touchedBefore(
  sql: Sql,
  span: Span,
  before: Seconds,
  { bearings, reach }: { readonly bearings: Bearings; readonly reach: Seconds },
): Promise<readonly Touched[]> {
  const [incidents, observations, episodes, redLines] = await Promise.all([
    movedIncidents(sql, span, instantOf(before)),
    replacedObservations(sql, span),
    replacedEpisodes(sql, span),
    replacedRedLines(sql, span),
  ]);
  const all = touchedBy({ incidents, observations, episodes, redLines }, bearings, reach);
  return all.filter(({ from }) => from < before);
}

export function touchedBy(changes: Changes, bearings: Bearings, reach: Seconds): readonly Touched[] {
  return [
    ...changes.incidents.flatMap(({ at, before, now }) => [before, now].flatMap(lasting(at, reach))),
    ...changes.observations.flatMap(({ at, before, now }) =>
      [before, now].flatMap((one) =>
        one ? [{ at, regions: bearings.of(one.region), from: one.from, until: one.to + reach }] : [],
      ),
    ),
    ...changes.episodes.flatMap((episode) => ofEpisode(episode, bearings)),
    // It can be met by any matching incident, however old.
    ...changes.redLines.flatMap(({ at, before, now }) =>
      [before, now].flatMap((line) => (line ? [{ at, regions: [line.region], from: -Infinity, until: Infinity }] : [])),
    ),
  ];
}

function lasting(at: Position, reach: Seconds) {
  return ({ from, to, regions }: Changed['now']): readonly Touched[] =>
    from === null || to === null || regions === null ? [] : [{ at, regions, from, until: Math.max(from, to) + reach }];
}

/** If it only ended, nothing before its end changes. */
function ofEpisode({ at, before, now }: Replaced<EpisodeFact>, { inside }: Bearings): readonly Touched[] {
  if (before && now && JSON.stringify({ ...before, to: null }) === JSON.stringify({ ...now, to: null })) {
    const ends = [before.to ?? Infinity, now.to ?? Infinity];
    return [{ at, regions: inside(now.region), from: Math.min(...ends), until: Math.max(...ends) }];
  }
  return [before, now].flatMap((one) =>
    one ? [{ at, regions: inside(one.region), from: one.from, until: one.to ?? Infinity }] : [],
  );
}
