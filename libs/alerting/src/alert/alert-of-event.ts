// Derives an alert from an event. Pure: the same event gives the same alert in every rebuild.
import {
  DEFAULT_SEVERITY,
  toDomainEvent,
  type DomainEvent,
  type Instant,
  type RedLineCleared,
  type ReportAmended,
  type ReportSubmitted,
  type Status,
  type StatusEvent,
} from '#domain';
import type { CommandMeta, StoredEvent } from '#event-log';
import type { TraceContext } from '#platform';
import { alertId, scaleOf, type NewAlert } from './alert.js';

const DAY_MS = 86_400_000;

/** `RedLineCleared` raises no alert: the change of status that follows from it raises its own. */
type Announcement = Exclude<StatusEvent, RedLineCleared>;

/** `horizonDays`: an event that happened more than this many days before it was recorded raises no alert. */
export function alertOfEvent(stored: StoredEvent, horizonDays: number): NewAlert | null {
  const event = toDomainEvent(stored);
  if (event.type === 'ReportSubmitted' || event.type === 'ReportAmended')
    return graveIncident(stored, event.data, horizonDays);
  return isAnnouncement(event) && event.data.alert ? announcement(stored, event) : null;
}

function isAnnouncement(event: DomainEvent): event is Announcement {
  const kinds: readonly DomainEvent['type'][] = [
    'StatusChanged',
    'StatusRestated',
    'RedLineMet',
    'CoverageLost',
    'CoverageRestored',
  ];
  return kinds.includes(event.type);
}

function announcement(stored: StoredEvent, event: Announcement): NewAlert {
  const { region, lens, at, restsOn: knownAtPosition } = event.data;
  const common = { ...identity(stored), knownAtPosition, region, lens, at, from: null, to: null, scale: null };
  switch (event.type) {
    case 'StatusChanged': {
      const { from, to } = event.data;
      return { ...common, type: 'status_changed', from, to, scale: highest([from, to]), detail: {} };
    }
    case 'StatusRestated': {
      const { before, after, until } = event.data;
      return {
        ...common,
        type: 'status_restated',
        // Status at the first instant that differs, before and after the restatement.
        from: before[0]?.status ?? null,
        to: after[0]?.status ?? null,
        scale: highest([...before, ...after].map(({ status }) => status)),
        detail: { until },
      };
    }
    case 'RedLineMet': {
      const { redLine, incident } = event.data;
      return { ...common, type: 'red_line_met', detail: { redLine, incident } };
    }
    case 'CoverageLost':
      return { ...common, type: 'coverage_lost', detail: { coverage: event.data.coverage } };
    case 'CoverageRestored':
      return { ...common, type: 'coverage_restored', detail: { coverage: event.data.coverage } };
  }
}

function graveIncident(
  stored: StoredEvent,
  data: (ReportSubmitted | ReportAmended)['data'],
  horizonDays: number,
): NewAlert | null {
  if (data.type !== 'violation') return null;
  const { kind, severity, occurred, place } = data.content;
  const isGrave = (severity ?? DEFAULT_SEVERITY[kind]) === 'grave';
  if (!isGrave || isOlderThan(horizonDays, occurred.from, stored.recordedAt)) return null;
  return {
    ...identity(stored),
    knownAtPosition: stored.position,
    type: 'grave_incident',
    region: place.region,
    lens: null,
    from: null,
    to: null,
    at: occurred.from,
    scale: null,
    detail: { incident: data.incident, kind },
  };
}

function identity({
  stream,
  position,
  recordedAt,
  meta,
}: StoredEvent): Pick<NewAlert, 'id' | 'position' | 'recordedAt' | 'traceContext'> {
  return { id: alertId(stream, position), position, recordedAt, traceContext: traceContextOf(meta) };
}

/** Null for events without a trace: their correlation was chosen by the caller. */
function traceContextOf({ correlation, traceparent }: CommandMeta): TraceContext | null {
  return traceparent === undefined ? null : { correlation, traceparent };
}

function isOlderThan(horizonDays: number, at: Instant, recordedAt: Instant): boolean {
  return Date.parse(recordedAt) - Date.parse(at) > horizonDays * DAY_MS;
}

function highest(statuses: readonly Status[]): number {
  return Math.max(0, ...statuses.map(scaleOf));
}
