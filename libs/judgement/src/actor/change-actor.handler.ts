// Handles the commands of actors: registration, aliases, affiliations.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { actor, type ActorCommand } from '#domain';
import { EventLog, stateOf, transact } from '#event-log';
import { commandMeta, Problem, Pseudonyms, type CommandRequest } from '#platform';
import { mustBeActor, Registry, withRegister } from '#registry';
import { commandResult, type CommandResult } from '../command-result.js';
import { mustBeParty } from '../parties.js';

export class ChangeActor extends Command<CommandResult> {
  constructor(
    readonly code: string,
    readonly command: ActorCommand,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(ChangeActor)
export class ChangeActorHandler implements ICommandHandler<ChangeActor> {
  constructor(
    private readonly log: EventLog,
    private readonly registry: Registry,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute({ code, command, request }: ChangeActor): Promise<CommandResult> {
    const stream = `actor-${code}`;
    if (command.type === 'RecordAffiliation') await this.#mustKnowNames(command.affiliation);
    const done = await transact(this.log, {
      streams: [stream],
      ifMatch: request.ifMatch,
      meta: commandMeta(request, 'operator', { ChangeActor: code, command }, this.pseudonyms),
      decide: (histories) => {
        const state = stateOf(actor, histories.get(stream));
        if (command.type !== 'RegisterActor' && state.status === 'unknown') throw noSuchActor(code);
        return [{ stream, events: actor.decide(command, state).map((event) => ({ event, key: stream })) }];
      },
    });
    return commandResult(done, stream);
  }

  async #mustKnowNames({ to, disputedBy }: Extract<ActorCommand, { type: 'RecordAffiliation' }>['affiliation']) {
    await withRegister(this.registry, (register) => {
      mustBeActor(to, '/to', register);
      disputedBy.forEach((party, index) => {
        mustBeParty(party, `/disputedBy/${index}`, register);
      });
    });
  }
}

export function noSuchActor(code: string): Problem {
  return new Problem(404, 'no-such-actor', `There is no actor ${code}: GET /v1/actors?q= searches them.`);
}
