// Red lines are declared and withdrawn, each by an officer who answers for its declarer.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { redLine, type RedLineCommand, type RedLineDeclared } from '#domain';
import { EventLog, stateOf, transact, type Json } from '#event-log';
import { commandMeta, Problem, Pseudonyms, type CommandRequest, type Caller } from '#platform';
import { withRegister, mustBeRegion, Registry, type Register } from '#registry';
import { commandResult, type CommandResult } from '../command-result.js';
import { isGuarantor, mustBeActors, mustBeParty } from '../parties.js';

export class ChangeRedLine extends Command<CommandResult> {
  constructor(
    readonly id: string,
    readonly command: RedLineCommand,
    readonly confidential: Readonly<Record<string, Json>>,
    readonly asked: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(ChangeRedLine)
export class RedLinesHandler implements ICommandHandler<ChangeRedLine> {
  constructor(
    private readonly log: EventLog,
    private readonly registry: Registry,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute({ id, command, confidential, asked }: ChangeRedLine): Promise<CommandResult> {
    const stream = `red-line-${id}`;
    await this.#mustBeTheirs(command, stream, asked.caller);
    // When it is withdrawn is not part of what makes two withdrawals the same.
    const content = { ToRedLine: id, command: { ...command, at: null }, confidential };
    const done = await transact(this.log, {
      streams: [stream],
      ifMatch: asked.ifMatch,
      meta: commandMeta(asked, 'officer', content, this.pseudonyms),
      decide: (histories) => {
        const events = redLine.decide(command, stateOf(redLine, histories.get(stream)));
        return [{ stream, events: events.map((event) => ({ event, key: event.data.region, confidential })) }];
      },
    });
    return commandResult(done, stream);
  }

  async #mustBeTheirs(command: RedLineCommand, stream: string, caller: Caller): Promise<void> {
    switch (command.type) {
      case 'DeclareRedLine':
        await withRegister(this.registry, (register) => {
          mustKnowNames(command.redLine, register);
          mustAnswerFor(command.redLine.declaredBy, caller, register);
        });
        return;
      case 'WithdrawRedLine': {
        const state = stateOf(redLine, await this.log.readStream(stream));
        if (state.status === 'unknown') {
          throw new Problem(404, 'no-such-red-line', 'There is no red line with this id.');
        }
        mustAnswerFor(state.declaredBy, caller, await this.registry.refresh());
      }
    }
  }
}

function mustKnowNames({ declaredBy, region, condition }: RedLineDeclared['data'], register: Register): void {
  mustBeParty(declaredBy, '/declaredBy', register);
  mustBeRegion(region, '/region', register);
  mustBeActors(condition.by ?? [], '/condition/by', register);
}

/** An officer speaks for their own state and for the actors that it answers for; for an actor without a guarantor any. */
function mustAnswerFor(declaredBy: string, { party }: Caller, { actors }: Register): void {
  const answering: readonly string[] = isGuarantor(declaredBy)
    ? [declaredBy]
    : (actors.get(declaredBy)?.guarantors ?? []);
  if (party !== null && (answering.length === 0 || answering.includes(party))) return;
  const yours = party === null ? 'your token names no party' : `you speak for ${party}`;
  throw new Problem(
    403,
    'not-your-red-line',
    `The red lines of ${declaredBy} are for officers of ${answering.join(' or ') || 'a guarantor'}; ${yours}.`,
  );
}
