// Submits a report: resolves its names, splits off its confidential part, and stores all of it in one append.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { incident, Refusal, report, UnknownName, type Incident, type Report, type Submission } from '#domain';
import {
  EventLog,
  stateOf,
  transact,
  type CommandMeta,
  type Json,
  type NewEvent,
  type AppendOutcome,
} from '#event-log';
import { Clock, commandMeta, Pseudonyms, type Caller, type TraceContext } from '#platform';
import { withRegister, Registry } from '#registry';
import { mustNotBeInFuture } from './not-in-future.js';
import { newIncidentId } from './incident-id.js';
import { confidentialPart, publicPart, sourceOf } from './confidential-split.js';
import { resolveNames } from './place.js';
import { receiptFor, receiptFromEvent, type Receipt } from './receipt.js';
import type { ReportBody } from './report.schema.js';

export type SubmitResult = { readonly receipt: Receipt; readonly isNew: boolean };

export class SubmitReport extends Command<SubmitResult> {
  constructor(
    readonly body: ReportBody,
    readonly caller: Caller,
    readonly traceContext: TraceContext,
  ) {
    super();
  }
}

type Incoming = {
  readonly submission: Submission;
  readonly confidential: Readonly<Record<string, Json>>;
  readonly meta: CommandMeta;
};

@CommandHandler(SubmitReport)
export class SubmitReportHandler implements ICommandHandler<SubmitReport> {
  constructor(
    private readonly log: EventLog,
    private readonly registry: Registry,
    private readonly pseudonyms: Pseudonyms,
    private readonly clock: Clock,
  ) {}

  async execute({ body, caller, traceContext }: SubmitReport): Promise<SubmitResult> {
    mustNotBeInFuture(body, this.clock.now());
    const incoming: Incoming = {
      submission: await this.#submission(body, caller),
      confidential: confidentialPart(body, caller),
      meta: commandMeta({ caller, traceContext }, 'monitor', { SubmitReport: body }, this.pseudonyms),
    };
    return body.type === 'violation' && body.incident !== null
      ? this.#joinIncident(incoming, body.incident)
      : this.#submitNew(incoming);
  }

  async #submission(body: ReportBody, caller: Caller): Promise<Submission> {
    const resolved = await withRegister(this.registry, (register) => resolveNames(body, register));
    const identity = { report: body.id, source: sourceOf(caller, this.pseudonyms) };
    const part = publicPart(body, resolved);
    return part.type === 'violation'
      ? { ...identity, ...part, incident: newIncidentId(body.id) }
      : { ...identity, ...part };
  }

  /** Reads nothing first: the log itself detects a repeat and a reused id. */
  async #submitNew({ submission, confidential, meta }: Incoming): Promise<SubmitResult> {
    const writes = [
      { stream: `report-${submission.report}`, expected: 0, events: submitted(submission, confidential) },
    ];
    if (submission.type === 'violation') {
      const { incident: id, report: first } = submission;
      const opened = incident.decide({ type: 'OpenIncident', incident: id, report: first }, incident.initialState);
      writes.push({ stream: `incident-${id}`, expected: 0, events: opened.map((event) => ({ event, key: id })) });
    }
    return answered(await this.log.append({ writes, meta }), submission);
  }

  /** The report joins an existing incident, or the one that this was merged into. */
  async #joinIncident({ submission, confidential, meta }: Incoming, named: string): Promise<SubmitResult> {
    const id = await this.#openIncident(named);
    const joining: Submission = submission.type === 'violation' ? { ...submission, incident: id } : submission;
    const [target, joined] = [`report-${submission.report}`, `incident-${id}`] as const;
    const link = { type: 'LinkReport', report: submission.report, from: null, carried: null } as const;
    const done = await transact(this.log, {
      streams: [target, joined],
      meta,
      decide: (histories) => {
        const linked = incident.decide(link, stateOf(incident, histories.get(joined)));
        return [
          { stream: target, events: submitted(joining, confidential, stateOf(report, histories.get(target))) },
          { stream: joined, events: linked.map((event) => ({ event, key: id })) },
        ];
      },
    });
    switch (done.outcome) {
      case 'appended':
        return { receipt: receiptFor(joining, done.position, done.recordedAt), isNew: true };
      case 'repeated':
        return { receipt: receiptFromEvent(done.first), isNew: false };
      case 'unchanged':
        throw new Error('a new report always adds an event');
    }
  }

  async #openIncident(named: string): Promise<string> {
    for (let id = named; ;) {
      const state: Incident = stateOf(incident, await this.log.readStream(`incident-${id}`));
      switch (state.status) {
        case 'open':
          return id;
        case 'merged':
          id = state.into; // ends: a merged incident never receives another
          break;
        case 'unknown':
          throw new UnknownName('/incident', `there is no incident ${id}: leave it out, and the report opens its own`);
      }
    }
  }
}

function submitted(
  submission: Submission,
  confidential: Incoming['confidential'],
  state: Report = report.initialState,
): readonly NewEvent[] {
  const key = keyOf(submission);
  return report.decide({ type: 'SubmitReport', submission }, state).map((event) => ({ event, key, confidential }));
}

/** The key of its incident, so that each incident can be folded alone; for other reports the region. */
function keyOf(submission: Submission): string {
  return submission.type === 'violation' ? submission.incident : submission.content.area.region;
}

function answered(outcome: AppendOutcome, submission: Submission): SubmitResult {
  switch (outcome.kind) {
    case 'appended':
      return { receipt: receiptFor(submission, outcome.position, outcome.recordedAt), isNew: true };
    case 'duplicate':
      return { receipt: receiptFromEvent(outcome.first), isNew: false };
    case 'id_reused':
      throw new Refusal('id-reused', 'This id is taken, with other content: use a new id for a new report.');
    case 'conflict':
      throw new Error(`${outcome.stream} exists before the report that opens it`);
  }
}
