// Withdraws a report: it no longer counts, and stays in the log.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { incidentIdOf, report } from '#domain';
import { EventLog, stateOf, transact, type StreamAddition, type Position, type StoredEvent } from '#event-log';
import { commandMeta, Pseudonyms, type CommandRequest } from '#platform';
import { ReportReader } from './report-reader.js';
import type { WithdrawalBody } from './report.schema.js';

/** `isUnchanged`: it was withdrawn before, by another command. */
export type WithdrawResult = { readonly position: Position; readonly version: number; readonly isUnchanged: boolean };

export class WithdrawReport extends Command<WithdrawResult> {
  constructor(
    readonly id: string,
    readonly body: WithdrawalBody,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(WithdrawReport)
export class WithdrawReportHandler implements ICommandHandler<WithdrawReport> {
  constructor(
    private readonly log: EventLog,
    private readonly reports: ReportReader,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute({ id, body, request }: WithdrawReport): Promise<WithdrawResult> {
    await this.reports.own(id, request.caller);
    const stream = `report-${id}`;
    const { outcome, position, versions } = await transact(this.log, {
      streams: [stream],
      ifMatch: request.ifMatch,
      meta: commandMeta(request, 'monitor', { WithdrawReport: id, body }, this.pseudonyms),
      decide: (histories) => [withdrawal(stream, histories.get(stream) ?? [], body)],
    });
    return { position, version: versions.get(stream) ?? 0, isUnchanged: outcome === 'unchanged' };
  }
}

function withdrawal(stream: string, history: readonly StoredEvent[], { reason }: WithdrawalBody): StreamAddition {
  const state = stateOf(report, history);
  const [first] = history;
  if (state.status === 'unknown' || !first) throw new Error(`${stream} has been read and is now empty`);
  const key = incidentIdOf(state.now) ?? first.key;
  const events = report.decide({ type: 'WithdrawReport' }, state);
  return {
    stream,
    events: events.map((event) => ({ event, key, ...(reason === null ? {} : { confidential: { reason } }) })),
  };
}
