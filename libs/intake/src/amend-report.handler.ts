// Amends a report: merges the changes into its current content and validates the result like a new report.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  incidentIdOf,
  toDomainEvent,
  mustStayOfType,
  Refusal,
  report,
  type Correction,
  type Submission,
} from '#domain';
import { EventLog, stateOf, transact, type StreamAddition, type StoredEvent } from '#event-log';
import { validate, Clock, commandMeta, Pseudonyms, type CommandRequest } from '#platform';
import { withRegister, Registry } from '#registry';
import { mustNotBeInFuture } from './not-in-future.js';
import { bodyOf, confidentialChanges, publicPart, resolvedPlace } from './confidential-split.js';
import { resolveNames, type ResolvedPlace } from './place.js';
import { receiptFromEvent, type Receipt } from './receipt.js';
import { ReportReader } from './report-reader.js';
import { reportSchema, type AmendmentBody, type ReportBody } from './report.schema.js';

export type AmendResult = { readonly receipt: Receipt; readonly version: number };

export class AmendReport extends Command<AmendResult> {
  constructor(
    readonly id: string,
    readonly body: AmendmentBody,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(AmendReport)
export class AmendReportHandler implements ICommandHandler<AmendReport> {
  constructor(
    private readonly log: EventLog,
    private readonly reports: ReportReader,
    private readonly registry: Registry,
    private readonly pseudonyms: Pseudonyms,
    private readonly clock: Clock,
  ) {}

  async execute({ id, body, request }: AmendReport): Promise<AmendResult> {
    const { report: before, history } = await this.reports.own(id, request.caller);
    const amended = merged(before.now, body);
    mustNotBeInFuture(amended, this.clock.now());
    const named = await withRegister(this.registry, (register) => resolveNames(amended, register));
    const stream = `report-${id}`;
    const done = await transact(this.log, {
      streams: [stream],
      ifMatch: request.ifMatch,
      meta: commandMeta(request, 'monitor', { AmendReport: id, body }, this.pseudonyms),
      decide: (histories) => [amendment(stream, histories.get(stream) ?? [], body, named)],
      // An amendment without an own id that was overwritten by a later one is not a repeat: it may revert the later one.
      isSuperseded: (later) => ownId(id, body) === null && later.some(({ type }) => type === 'ReportAmended'),
    });
    const stored = (await this.log.readStream(stream)).find(({ commandEnd }) => commandEnd === done.position);
    if (!stored) throw new Error(`${stream} has no event of the command that ended at ${done.position}`);
    return { receipt: receiptFromEvent(stored), version: done.versions.get(stream) ?? history.length };
  }
}

function amendment(
  stream: string,
  history: readonly StoredEvent[],
  body: AmendmentBody,
  named: ResolvedPlace,
): StreamAddition {
  const state = stateOf(report, history);
  const [first] = history;
  if (state.status === 'unknown' || !first) throw new Error(`${stream} has been read and is now empty`);
  const { now } = state;
  const id = ownId(now.report, body);
  if (id !== null && history.some((stored) => isAmendment(stored, id))) {
    throw new Refusal('id-reused', 'This amendment id is taken, with other content: use a new id, or leave it out.');
  }
  const amended = merged(now, body);
  const correction = corrected(now, amended, body, named);
  const confidential = confidentialChanges(amended, Object.keys(body));
  const events = report.decide({ type: 'AmendReport', correction, amendment: id }, state);
  // Other reports than violations keep their first key, so that one projector folds all of their events.
  const key = incidentIdOf(now) ?? first.key;
  return { stream, events: events.map((event) => ({ event, key, confidential })) };
}

function isAmendment(stored: StoredEvent, id: string): boolean {
  const event = toDomainEvent(stored);
  return event.type === 'ReportAmended' && event.data.amendment === id;
}

/** Members that did not change keep the place and the evidence count of the intake. */
function corrected(now: Submission, amended: ReportBody, body: AmendmentBody, named: ResolvedPlace): Correction {
  const part = publicPart(amended, 'place' in body || 'area' in body ? named : resolvedPlace(now));
  if (part.type !== 'violation' || now.type !== 'violation' || 'evidence' in body) return part;
  return { ...part, content: { ...part.content, evidenceCount: now.content.evidenceCount } };
}

/** The complete report with the changes applied. Throws Problem 400 where the result is not a valid report. */
function merged(now: Submission, body: AmendmentBody): ReportBody {
  const before = bodyOf(now, {});
  const { type = now.type, incident = null } = body;
  mustStayOfType(now, type);
  if (incident !== null && incident !== incidentIdOf(now)) {
    throw new Refusal('not-yours-to-move', 'Only verifiers move a report to another incident: leave `incident` out.');
  }
  const fixed = before.type === 'violation' ? { id: before.id, incident: before.incident } : { id: before.id };
  return validate(reportSchema, { ...before, ...body, ...fixed });
}

/** The amendment's own id; a client that sends the whole report again sends the report's. */
function ownId(report: string, { id }: AmendmentBody): string | null {
  return id === undefined || id === report ? null : id;
}
