// Loads the incidents and reports that commands name.
import { Injectable } from '@nestjs/common';
import { incident, report, UnknownName, type Incident, type Report } from '#domain';
import { EventLog, stateOf, type Histories } from '#event-log';
import { Problem } from '#platform';

export type KnownIncident = Exclude<Incident, { readonly status: 'unknown' }>;

@Injectable()
export class IncidentReader {
  constructor(private readonly log: EventLog) {}

  /** Throws Problem 404 for an unknown id. */
  async get(id: string): Promise<KnownIncident> {
    const state = stateOf(incident, await this.log.readStream(`incident-${id}`));
    if (state.status !== 'unknown') return state;
    throw new Problem(404, 'no-such-incident', `There is no incident ${id}; GET /v1/incidents lists the incidents.`);
  }

  /** As `get`, for an id in a body: throws UnknownName. */
  async named(id: string, pointer: string): Promise<KnownIncident> {
    const state = stateOf(incident, await this.log.readStream(`incident-${id}`));
    if (state.status !== 'unknown') return state;
    throw new UnknownName(pointer, `there is no incident ${id}`);
  }

  async report(id: string, pointer: string): Promise<Report> {
    return knownReport(stateOf(report, await this.log.readStream(`report-${id}`)), id, pointer);
  }
}

export function incidentIn(histories: Histories, id: string): Incident {
  return stateOf(incident, histories.get(`incident-${id}`));
}

export function reportIn(histories: Histories, id: string, pointer: string): Report {
  return knownReport(stateOf(report, histories.get(`report-${id}`)), id, pointer);
}

function knownReport(state: Report, id: string, pointer: string): Report {
  if (state.status !== 'unknown') return state;
  throw new UnknownName(pointer, `there is no report ${id}`);
}
