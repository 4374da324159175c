// Organisations are registered with the side that they belong to. Which ones there are stays confidential.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { organisation, Refusal } from '#domain';
import { EventLog, stateOf, transact } from '#event-log';
import { commandMeta, Pseudonyms, type CommandRequest } from '#platform';
import type { OrganisationBody } from '../framework.schema.js';
import { commandResult, type CommandResult } from '../command-result.js';

export class RegisterOrganisation extends Command<CommandResult> {
  constructor(
    readonly body: OrganisationBody,
    readonly asked: CommandRequest,
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

  async execute({ body, asked }: RegisterOrganisation): Promise<CommandResult> {
    const { code, name, alignment } = body;
    const pseudonym = this.pseudonyms.organisation(code);
    const stream = `organisation-${pseudonym}`;
    const meta = commandMeta(asked, 'operator', {}, this.pseudonyms);
    const done = await transact(this.log, {
      streams: [stream],
      // Whichever operator registers it: the same organisation is the same.
      meta: { ...meta, fingerprint: this.pseudonyms.fingerprint({ RegisterOrganisation: body }) },
      decide: (histories) => {
        const command = { type: 'RegisterOrganisation', organisation: pseudonym, alignment } as const;
        const state = stateOf(organisation, histories.get(stream));
        const events = organisation.decide(command, state);
        if (events.length === 0) {
          throw new Refusal('id-reused', 'This organisation is registered already, under another name.');
        }
        const confidential = { organisation: code, name };
        return [{ stream, events: events.map((event) => ({ event, key: stream, confidential })) }];
      },
    });
    return commandResult(done, stream);
  }
}
