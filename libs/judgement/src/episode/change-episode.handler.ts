// Handles the commands of episodes: open and close.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { episode, type EpisodeCommand, type EpisodeOpened } from '#domain';
import { EventLog, stateOf, transact } from '#event-log';
import { commandMeta, Problem, Pseudonyms, type CommandRequest } from '#platform';
import { withRegister, mustBeActor, mustBeRegion, Registry, type Register } from '#registry';
import { commandResult, type CommandResult } from '../command-result.js';
import { mustBeActors, mustBeParty } from '../parties.js';

export class ChangeEpisode extends Command<CommandResult> {
  constructor(
    readonly id: string,
    readonly command: EpisodeCommand,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(ChangeEpisode)
export class ChangeEpisodeHandler implements ICommandHandler<ChangeEpisode> {
  constructor(
    private readonly log: EventLog,
    private readonly registry: Registry,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute({ id, command, request }: ChangeEpisode): Promise<CommandResult> {
    const stream = `episode-${id}`;
    await this.#checkNames(command, stream);
    const done = await transact(this.log, {
      streams: [stream],
      ifMatch: request.ifMatch,
      // `ToEpisode` is part of stored fingerprints and never changes.
      meta: commandMeta(request, 'verifier', { ToEpisode: id, command }, this.pseudonyms),
      decide: (histories) => {
        const events = episode.decide(command, stateOf(episode, histories.get(stream)));
        return [{ stream, events: events.map((event) => ({ event, key: event.data.region })) }];
      },
    });
    return commandResult(done, stream);
  }

  async #checkNames(command: EpisodeCommand, stream: string): Promise<void> {
    switch (command.type) {
      case 'OpenEpisode':
        await withRegister(this.registry, (register) => {
          mustKnowNames(command.episode, register);
        });
        return;
      case 'CloseEpisode':
        if ((await this.log.readStream(stream)).length === 0) throw noSuchEpisode();
    }
  }
}

function mustKnowNames({ region, accused, exclusionClaim }: EpisodeOpened['data'], register: Register): void {
  mustBeRegion(region, '/region', register);
  mustBeActors(accused, '/accused', register);
  if (exclusionClaim === null) return;
  mustBeParty(exclusionClaim.by, '/exclusionClaim/by', register);
  mustBeActor(exclusionClaim.target, '/exclusionClaim/target', register);
}

export function noSuchEpisode(): Problem {
  return new Problem(404, 'no-such-episode', 'There is no episode with this id. POST /v1/episodes opens one.');
}
