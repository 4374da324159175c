// Moves reports between incidents: link, unlink, split, merge. Several streams change in one append.
import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  incidentIdOf,
  toDomainEvent,
  linkReport,
  mergeIncidents,
  splitIncident,
  unlinkReport,
  type DomainEvent,
  type IncidentEvent,
  type StreamChange,
  type Report,
} from '#domain';
import { EventLog, transact, VersionConflict, type StreamAddition, type Histories, type StoredEvent } from '#event-log';
import { commandMeta, Pseudonyms, type CommandRequest } from '#platform';
import { incidentIn, IncidentReader, reportIn } from './incident-reader.js';
import { commandResult, eventOfCommand, type CommandResult } from '../command-result.js';

export type Movement =
  | { readonly type: 'LinkReport'; readonly report: string }
  | { readonly type: 'UnlinkReport'; readonly report: string }
  | { readonly type: 'SplitIncident'; readonly reports: readonly string[] }
  | { readonly type: 'MergeIncident'; readonly into: string };

/** `incident` is the one that the reports belong to afterwards. */
export type MoveResult = CommandResult & { readonly incident: string };

export class MoveReports extends Command<MoveResult> {
  constructor(
    readonly id: string,
    readonly movement: Movement,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

/** The streams to load besides the incident itself, and the decision on them. */
type Plan = { readonly others: readonly string[]; readonly decide: (histories: Histories) => readonly StreamChange[] };

/** The reports moved between planning and deciding, so the plan has to load other streams. */
class ReportsMovedMeanwhile extends Error {}

// Each attempt fails only because another command moved the same reports. So many at once do not occur.
const ATTEMPTS_MAX = 20;

@CommandHandler(MoveReports)
export class MoveReportsHandler implements ICommandHandler<MoveReports> {
  constructor(
    private readonly log: EventLog,
    private readonly incidents: IncidentReader,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute(command: MoveReports): Promise<MoveResult> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      try {
        return await this.#move(command);
      } catch (error) {
        if (!(error instanceof ReportsMovedMeanwhile)) throw error;
      }
    }
    throw new VersionConflict(`incident-${command.id}`, ATTEMPTS_MAX);
  }

  async #move({ id, movement, request }: MoveReports): Promise<MoveResult> {
    const { others, decide } = await this.#plan(id, movement);
    const stream = `incident-${id}`;
    const done = await transact(this.log, {
      streams: [stream, ...new Set(others.filter((other) => other !== stream))],
      ifMatch: request.ifMatch,
      meta: commandMeta(request, 'verifier', { MoveReports: id, movement }, this.pseudonyms),
      decide: (histories) => decide(histories).map(additionOf),
      isSuperseded: (later) => later.some((stored) => isUndoneBy(movement, stored)),
    });
    const whereTo =
      done.outcome === 'unchanged' ? id : incidentAfter(await eventOfCommand(this.log, stream, done.position));
    return { ...commandResult(done, stream), incident: whereTo };
  }

  async #plan(id: string, movement: Movement): Promise<Plan> {
    const target = await this.incidents.get(id);
    switch (movement.type) {
      case 'LinkReport':
        return linking(id, movement.report, await this.incidents.report(movement.report, '/report'));
      case 'UnlinkReport': {
        const { report } = movement;
        const to = randomUUID();
        const decide = (histories: Histories) =>
          unlinkReport(reportIn(histories, report, '/report'), incidentIn(histories, id), to);
        return { others: [`report-${report}`], decide };
      }
      case 'SplitIncident':
        return splitting(id, [...new Set(movement.reports)], randomUUID());
      case 'MergeIncident':
        await this.incidents.named(movement.into, '/into');
        return merging(id, target.status === 'open' ? target.reports : [], movement.into);
    }
  }
}

function linking(id: string, report: string, before: Report): Plan {
  const from = incidentOfReport(before) ?? id;
  return {
    others: [`incident-${from}`, `report-${report}`],
    decide: (histories) => {
      const moving = reportIn(histories, report, '/report');
      if ((incidentOfReport(moving) ?? id) !== from) throw new ReportsMovedMeanwhile();
      return linkReport(moving, incidentIn(histories, from), incidentIn(histories, id));
    },
  };
}

function splitting(id: string, reports: readonly string[], into: string): Plan {
  return {
    others: reports.map((report) => `report-${report}`),
    decide: (histories) => {
      const moving = reports.map((report, index) => reportIn(histories, report, `/reports/${index}`));
      return splitIncident(moving, incidentIn(histories, id), into);
    },
  };
}

function merging(id: string, reports: readonly string[], into: string): Plan {
  return {
    others: [`incident-${into}`, ...reports.map((report) => `report-${report}`)],
    decide: (histories) => {
      const from = incidentIn(histories, id);
      if (from.status === 'open' && from.reports.join() !== reports.join()) throw new ReportsMovedMeanwhile();
      const moving = reports.map((report) => reportIn(histories, report, ''));
      return mergeIncidents(from, incidentIn(histories, into), moving);
    },
  };
}

function incidentOfReport(report: Report): string | null {
  return report.status === 'unknown' ? null : incidentIdOf(report.now);
}

function additionOf(move: StreamChange): StreamAddition {
  const events: readonly DomainEvent[] = move.events;
  return { stream: `${move.of}-${move.id}`, events: events.map((event) => ({ event, key: keyOf(event, move) })) };
}

/** The events of a report have the key of the incident that it belongs to afterwards. */
function keyOf(event: DomainEvent, move: StreamChange): string {
  return event.type === 'ReportReassigned' ? event.data.incident : move.id;
}

function incidentAfter(event: IncidentEvent): string {
  switch (event.type) {
    case 'ReportUnlinked':
      return event.data.to;
    case 'IncidentSplit':
    case 'IncidentMerged':
      return event.data.into;
    case 'ReportLinked':
    case 'IncidentAbsorbed':
      return event.data.incident;
    case 'IncidentOpened':
    case 'VerificationSet':
    case 'AttributionSet':
    case 'ClaimMade':
    case 'ClaimAssessed':
      throw new Error(`${event.type} moves no report`);
  }
}

/** Whether a later event of the commanded incident moved the reports back, or away again. */
function isUndoneBy(movement: Movement, stored: StoredEvent): boolean {
  const event = toDomainEvent(stored);
  switch (movement.type) {
    case 'LinkReport':
      if (event.type === 'IncidentSplit') return event.data.reports.includes(movement.report);
      return event.type === 'ReportUnlinked' && event.data.report === movement.report;
    case 'UnlinkReport':
      return movesBack(event, [movement.report]);
    case 'SplitIncident':
      return movesBack(event, movement.reports);
    case 'MergeIncident':
      return false;
  }
}

function movesBack(event: DomainEvent, reports: readonly string[]): boolean {
  if (event.type === 'IncidentAbsorbed') return event.data.carried.some(({ report }) => reports.includes(report));
  return event.type === 'ReportLinked' && reports.includes(event.data.report);
}
