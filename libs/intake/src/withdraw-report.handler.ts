// Takes a report back: it counts no more, and stays in the log.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { incidentIdOf, report } from '#domain';
import { EventLog, stateOf, transact, type StreamAddition, type Position, type StoredEvent } from '#event-log';
import { commandMeta, Pseudonyms, type CommandRequest } from '#platform';
import { ReportReader } from './report-reader.js';
import type { WithdrawalBody } from './report.schema.js';

export type WithdrawResult = { readonly position: Position; readonly version: number };

export class WithdrawReport extends Command<WithdrawResult> {
  constructor(
    readonly id: string,
    readonly body: WithdrawalBody,
    readonly asked: CommandRequest,
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

  async execute({ id, body, asked }: WithdrawReport): Promise<WithdrawResult> {
    await this.reports.own(id, asked.caller);
    const stream = `report-${id}`;
    const { position, versions } = await transact(this.log, {
      streams: [stream],
      ifMatch: asked.ifMatch,
      meta: commandMeta(asked, 'monitor', { WithdrawReport: id, body }, this.pseudonyms),
      decide: (histories) => [withdrawal(stream, histories.get(stream) ?? [], body)],
    });
    return { position, version: versions.get(stream) ?? 0 };
  }
}

function withdrawal(stream: string, history: readonly StoredEvent[], { reason }: WithdrawalBody): StreamAddition {
  const state = stateOf(report, history);
  const [first] = history;
  if (state.status === 'unknown' || !first) throw new Error(`${stream} was read and is gone`);
  const key = incidentIdOf(state.now) ?? first.key;
  const events = report.decide({ type: 'WithdrawReport' }, state);
  return {
    stream,
    events: events.map((event) => ({ event, key, ...(reason === null ? {} : { confidential: { reason } }) })),
  };
}
