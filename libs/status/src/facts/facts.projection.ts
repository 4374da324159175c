// The facts projection: folds events into versioned rows, each valid from and until a position of the log.
import { Injectable } from '@nestjs/common';
import {
  toDomainEvent,
  type DomainEvent,
  type EpisodeEvent,
  type EpisodeFact,
  type IncidentFact,
  type RedLineEvent,
  type RedLineFact,
  type ReportEvent,
} from '#domain';
import type { StoredEvent } from '#event-log';
import { Projection, type Session } from '#projection';
import { foldEpisode } from './fold-episode.js';
import { foldIncident, incidentOf, type IncidentChange } from './fold-incident.js';
import { foldObservation, type Observation } from './fold-observation.js';
import { foldRedLine } from './fold-red-line.js';
import { currentDocs, writeEpisodes, writeIncidents, writeObservations, writeRedLines } from './fact-rows.js';
import { histories, type Change } from './versions.js';

export const FACTS = 'facts';

@Injectable()
export class FactsProjection extends Projection {
  override readonly name = FACTS;
  override readonly tables = ['incident_fact', 'observation_fact', 'episode_fact', 'red_line_fact'];
  override readonly readersIndexes = [
    'incident_fact_known_from',
    'incident_fact_started',
    'incident_fact_merged',
    'incident_fact_regions',
    'incident_fact_long',
    'observation_fact_known_from',
    'observation_fact_known_until',
    'observation_fact_from',
    'observation_fact_long',
  ];

  override async apply(batch: readonly StoredEvent[], session: Session): Promise<void> {
    const { incidents, observations, episodes, redLines } = sorted(batch);
    if (incidents.length > 0) {
      const current = await currentDocs<IncidentFact>(session, 'incident_fact', 'incident', knownBefore(incidents));
      await writeIncidents(session, histories(current, incidents, foldIncident));
    }
    if (observations.length > 0) {
      const current = await currentDocs<Observation>(session, 'observation_fact', 'report', keysOf(observations));
      await writeObservations(session, histories(current, observations, foldObservation));
    }
    if (episodes.length > 0) {
      const current = await currentDocs<EpisodeFact>(session, 'episode_fact', 'episode', keysOf(episodes));
      await writeEpisodes(session, histories(current, episodes, foldEpisode));
    }
    if (redLines.length > 0) {
      const current = await currentDocs<RedLineFact>(session, 'red_line_fact', 'red_line', keysOf(redLines));
      await writeRedLines(session, histories(current, redLines, foldRedLine));
    }
  }
}

type Sorted = {
  readonly incidents: Change<IncidentChange>[];
  readonly observations: Change<ReportEvent>[];
  readonly episodes: Change<EpisodeEvent>[];
  readonly redLines: Change<RedLineEvent>[];
};

function sorted(batch: readonly StoredEvent[]): Sorted {
  const into: Sorted = { incidents: [], observations: [], episodes: [], redLines: [] };
  for (const stored of batch) sortIn(into, stored.position, toDomainEvent(stored));
  return into;
}

function sortIn(into: Sorted, at: number, event: DomainEvent): void {
  switch (event.type) {
    case 'ReportSubmitted':
    case 'ReportAmended':
    case 'ReportWithdrawn':
    case 'ReportReassigned': {
      const incident = incidentOf(event);
      if (incident === null) into.observations.push({ key: event.data.report, at, event });
      else into.incidents.push({ key: incident, at, event });
      return;
    }
    case 'IncidentOpened':
    case 'ReportLinked':
    case 'ReportUnlinked':
    case 'IncidentMerged':
    case 'IncidentAbsorbed':
    case 'IncidentSplit':
    case 'VerificationSet':
    case 'AttributionSet':
    case 'ClaimMade':
    case 'ClaimAssessed':
      into.incidents.push({ key: event.data.incident, at, event });
      return;
    case 'EpisodeOpened':
    case 'EpisodeClosed':
      into.episodes.push({ key: event.data.episode, at, event });
      return;
    case 'RedLineDeclared':
    case 'RedLineWithdrawn':
      into.redLines.push({ key: event.data.redLine, at, event });
      return;
    // Registers are read from the log by the registry; announcements are derived from the facts.
    case 'ActorRegistered':
    case 'AffiliationRecorded':
    case 'AliasAdded':
    case 'BoundaryRevised':
    case 'CoverageLost':
    case 'CoverageRestored':
    case 'InstrumentRegistered':
    case 'LensDefined':
    case 'ModalitiesAdopted':
    case 'OrganisationRegistered':
    case 'RedLineCleared':
    case 'RedLineMet':
    case 'RegionDefined':
    case 'StatusChanged':
    case 'StatusRestated':
      return;
  }
}

/** Except incidents that begin within the batch: their first event is the report that opened them. */
function knownBefore(changes: readonly Change<IncidentChange>[]): readonly string[] {
  const firsts = new Map<string, Change<IncidentChange>>();
  const begun = new Set<string>();
  for (const change of changes) {
    const { key, event } = change;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, change);
    else if (event.type === 'IncidentOpened' && submits(first.event, event.data.report)) begun.add(key);
  }
  return [...firsts.keys()].filter((key) => !begun.has(key));
}

function submits(event: IncidentChange, report: string): boolean {
  return event.type === 'ReportSubmitted' && event.data.report === report;
}

function keysOf(changes: readonly Change<unknown>[]): readonly string[] {
  return [...new Set(changes.map(({ key }) => key))];
}
