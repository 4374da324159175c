// Registers an organisation with the side that it belongs to. The names of organisations are confidential.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { organisation, Refusal } from '#domain';
import { EventLog, stateOf, transact } from '#event-log';
import { commandMeta, Pseudonyms, type CommandRequest } from '#platform';
import type { OrganisationBody } from './organisation.schema.js';
import { commandResult, type CommandResult } from '../command-result.js';

export class RegisterOrganisation extends Command<CommandResult> {
  constructor(
    readonly body: OrganisationBody,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(RegisterOrganisation)
export class RegisterOrganisationHandler implements ICommandHandler<RegisterOrganisation> {
  constructor(
    private readonly log: EventLog,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute({ body, request }: RegisterOrganisation): Promise<CommandResult> {
    const { code, name, alignment } = body;
    const pseudonym = this.pseudonyms.organisation(code);
    const stream = `organisation-${pseudonym}`;
    const meta = commandMeta(request, 'operator', {}, this.pseudonyms);
    const done = await transact(this.log, {
      streams: [stream],
      // Without the caller: the same organisation registered by another operator is a repeat.
      meta: { ...meta, fingerprint: this.pseudonyms.fingerprint({ RegisterOrganisation: body }) },
      decide: (histories) => {
        const command = { type: 'RegisterOrganisation', organisation: pseudonym, alignment } as const;
        const state = stateOf(organisation, histories.get(stream));
        const events = organisation.decide(command, state);
        if (events.length === 0) {
          throw new Refusal('id-reused', 'This organisation is already registered, with another name.');
        }
        const confidential = { organisation: code, name };
        return [{ stream, events: events.map((event) => ({ event, key: stream, confidential })) }];
      },
    });
    return commandResult(done, stream);
  }
}
