// Commands that touch several streams: link, unlink, split and merge. Either all of their events are recorded or none.
import { carriedReport, report, type Report } from '../report/report.js';
import type { ReportEvent } from '../report/report-events.js';
import type { IncidentEvent } from './incident-events.js';
import { incident, requireOpenIncident, type Incident, type IncidentCommand } from './incident.js';

/** The new events of one stream, which is identified by its report or incident. */
export type StreamChange =
  | { readonly of: 'report'; readonly id: string; readonly events: readonly ReportEvent[] }
  | { readonly of: 'incident'; readonly id: string; readonly events: readonly IncidentEvent[] };

/**
 * Moves the report to another incident. An incident with no other report is merged instead, so that its id, claims and
 * findings are kept.
 */
export function linkReport(moving: Report, from: Incident, to: Incident): readonly StreamChange[] {
  const carried = carriedReport(moving);
  const [old, joined] = [requireOpenIncident(from), requireOpenIncident(to)];
  if (old.incident === joined.incident) return [];
  if (old.reports.every((one) => one === carried.report)) return mergeIncidents(old, joined, [moving]);
  const { report: id } = carried;
  return [
    reassigned(moving, joined.incident),
    decided(old, { type: 'UnlinkReport', report: id, to: joined.incident }),
    decided(joined, { type: 'LinkReport', report: id, from: old.incident, carried }),
  ];
}

/** Moves the report into a new incident of its own. */
export function unlinkReport(moving: Report, from: Incident, to: string): readonly StreamChange[] {
  const { report: id } = carriedReport(moving);
  return [
    decided(from, { type: 'UnlinkReport', report: id, to }),
    ...openedWith([moving], requireOpenIncident(from).incident, to),
  ];
}

/** Moves the reports together into one new incident. */
export function splitIncident(moving: readonly Report[], from: Incident, into: string): readonly StreamChange[] {
  const reports = moving.map((one) => carriedReport(one).report);
  return [
    decided(from, { type: 'SplitIncident', reports, into }),
    ...openedWith(moving, requireOpenIncident(from).incident, into),
  ];
}

/** Moves everything from one incident, whose reports are passed in, to the other. */
export function mergeIncidents(from: Incident, into: Incident, reports: readonly Report[]): readonly StreamChange[] {
  const [old, joined] = [requireOpenIncident(from), requireOpenIncident(into)];
  return [
    decided(old, { type: 'MergeIncident', into: joined.incident }),
    decided(joined, { type: 'AbsorbIncident', other: old, carried: reports.map(carriedReport) }),
    ...reports.map((one) => reassigned(one, joined.incident)),
  ];
}

function openedWith(moving: readonly Report[], splitFrom: string, id: string): readonly StreamChange[] {
  const command = { type: 'OpenSplitIncident', incident: id, splitFrom, carried: moving.map(carriedReport) } as const;
  return [
    { of: 'incident', id, events: incident.decide(command, incident.initialState) },
    ...moving.map((one) => reassigned(one, id)),
  ];
}

function reassigned(moving: Report, to: string): StreamChange {
  const { report: id } = carriedReport(moving);
  return { of: 'report', id, events: report.decide({ type: 'ReassignReport', incident: to }, moving) };
}

function decided(state: Incident, command: IncidentCommand): StreamChange {
  return { of: 'incident', id: requireOpenIncident(state).incident, events: incident.decide(command, state) };
}
