// Every event that Barada can record, with the current schema version of each type.
import type { ActorEvent } from './actor/actor-events.js';
import type { EpisodeEvent } from './episode/episode-events.js';
import type { IncidentEvent } from './incident/incident-events.js';
import type { InstrumentEvent } from './instrument/instrument-events.js';
import type { LensEvent } from './lens/lens-events.js';
import type { ModalitiesEvent } from './modalities/modalities-events.js';
import type { OrganisationEvent } from './organisation/organisation-events.js';
import type { RedLineEvent } from './red-line/red-line-events.js';
import type { RegionEvent } from './region/region-events.js';
import type { ReportEvent } from './report/report-events.js';
import type { StatusEvent } from './status/status-events.js';

export type DomainEvent =
  | ActorEvent
  | EpisodeEvent
  | IncidentEvent
  | InstrumentEvent
  | LensEvent
  | ModalitiesEvent
  | OrganisationEvent
  | RedLineEvent
  | RegionEvent
  | ReportEvent
  | StatusEvent;

export type EventType = DomainEvent['type'];

// A record and not a list, so that leaving a type out does not compile. The value is the current schema version.
export const SCHEMA_VERSIONS: Readonly<Record<EventType, number>> = {
  ActorRegistered: 1,
  AliasAdded: 1,
  AffiliationRecorded: 1,
  EpisodeOpened: 1,
  EpisodeClosed: 1,
  IncidentOpened: 1,
  ReportLinked: 1,
  ReportUnlinked: 1,
  IncidentMerged: 1,
  IncidentAbsorbed: 1,
  IncidentSplit: 1,
  VerificationSet: 1,
  AttributionSet: 1,
  ClaimMade: 1,
  ClaimAssessed: 1,
  InstrumentRegistered: 1,
  LensDefined: 1,
  ModalitiesAdopted: 1,
  OrganisationRegistered: 1,
  RedLineDeclared: 1,
  RedLineWithdrawn: 1,
  RegionDefined: 1,
  BoundaryRevised: 1,
  ReportSubmitted: 1,
  ReportAmended: 1,
  ReportWithdrawn: 1,
  ReportReassigned: 1,
  StatusChanged: 1,
  StatusRestated: 1,
  RedLineMet: 1,
  RedLineCleared: 1,
  CoverageLost: 1,
  CoverageRestored: 1,
};
