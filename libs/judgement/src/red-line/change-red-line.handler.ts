// Handles the commands of red lines: declared and withdrawn by officers who answer for the declarer.
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
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(ChangeRedLine)
export class ChangeRedLineHandler implements ICommandHandler<ChangeRedLine> {
  constructor(
    private readonly log: EventLog,
    private readonly registry: Registry,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute({ id, command, confidential, request }: ChangeRedLine): Promise<CommandResult> {
    const stream = `red-line-${id}`;
    await this.#mustAnswerForDeclarer(command, stream, request.caller);
    // Without the time of withdrawal: a repeated withdrawal has another time and the same content.
    // `ToRedLine` is part of stored fingerprints and never changes.
    const content = { ToRedLine: id, command: { ...command, at: null }, confidential };
    const done = await transact(this.log, {
      streams: [stream],
      ifMatch: request.ifMatch,
      meta: commandMeta(request, 'officer', content, this.pseudonyms),
      decide: (histories) => {
        const events = redLine.decide(command, stateOf(redLine, histories.get(stream)));
        return [{ stream, events: events.map((event) => ({ event, key: event.data.region, confidential })) }];
      },
    });
    return commandResult(done, stream);
  }

  async #mustAnswerForDeclarer(command: RedLineCommand, stream: string, caller: Caller): Promise<void> {
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
          throw noSuchRedLine();
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

/** Officers act for their state and for the actors that it guarantees; any officer acts for an actor without guarantor. */
function mustAnswerFor(declaredBy: string, { party }: Caller, { actors }: Register): void {
  const answering: readonly string[] = isGuarantor(declaredBy)
    ? [declaredBy]
    : (actors.get(declaredBy)?.guarantors ?? []);
  if (party !== null && (answering.length === 0 || answering.includes(party))) return;
  const yours = party === null ? 'your token has no party' : `your party is ${party}`;
  throw new Problem(
    403,
    'not-your-red-line',
    `Red lines of ${declaredBy} are declared and withdrawn by officers of ${answering.join(' or ') || 'a guarantor'}; ${yours}.`,
  );
}

export function noSuchRedLine(): Problem {
  return new Problem(404, 'no-such-red-line', 'There is no red line with this id. GET /v1/red-lines lists them.');
}
