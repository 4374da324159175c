// Handles findings and claims about one incident.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { incident, toDomainEvent, type IncidentCommand } from '#domain';
import { EventLog, stateOf, transact, type Json, type StoredEvent } from '#event-log';
import { commandMeta, Pseudonyms, type CommandRequest } from '#platform';
import { withRegister, mustBeActor, Registry, type Register } from '#registry';
import { IncidentReader } from './incident-reader.js';
import { commandResult, eventOfCommand, type CommandResult } from '../command-result.js';
import { mustBeActors, mustBeParty } from '../parties.js';

type Judgement = Extract<IncidentCommand, { type: 'SetVerification' | 'Attribute' | 'MakeClaim' | 'AssessClaim' }>;

/** `claim` is the number of the new claim; null for findings. */
export type JudgeIncidentResult = CommandResult & { readonly claim: number | null };

export class JudgeIncident extends Command<JudgeIncidentResult> {
  constructor(
    readonly id: string,
    readonly judgement: Judgement,
    /** Notes and texts of the command, by field. */
    readonly confidential: Readonly<Record<string, Json>>,
    readonly request: CommandRequest,
  ) {
    super();
  }
}

@CommandHandler(JudgeIncident)
export class JudgeIncidentHandler implements ICommandHandler<JudgeIncident> {
  constructor(
    private readonly log: EventLog,
    private readonly incidents: IncidentReader,
    private readonly registry: Registry,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async execute({ id, judgement, confidential, request }: JudgeIncident): Promise<JudgeIncidentResult> {
    await this.incidents.get(id);
    await withRegister(this.registry, (register) => {
      mustKnowNames(judgement, register);
    });
    const stream = `incident-${id}`;
    const content = { JudgeIncident: id, judgement, confidential };
    const done = await transact(this.log, {
      streams: [stream],
      ifMatch: request.ifMatch,
      meta: commandMeta(request, 'verifier', content, this.pseudonyms),
      decide: (histories) => {
        const events = incident.decide(judgement, stateOf(incident, histories.get(stream)));
        return [{ stream, events: events.map((event) => ({ event, key: id, confidential })) }];
      },
      isSuperseded: (later) => later.some((stored) => isReplacedBy(judgement, stored)),
    });
    const { data } = await eventOfCommand(this.log, stream, done.position);
    return { ...commandResult(done, stream), claim: 'claim' in data ? data.claim : null };
  }
}

function mustKnowNames(judgement: Judgement, register: Register): void {
  switch (judgement.type) {
    case 'Attribute':
      mustBeActors(judgement.actors, '/actors', register);
      return;
    case 'MakeClaim':
      mustBeParty(judgement.by, '/by', register);
      if (judgement.target !== null) mustBeActor(judgement.target, '/target', register);
      return;
    case 'SetVerification':
    case 'AssessClaim':
      return;
  }
}

/** A finding is replaced by the next one of its kind; a claim never is. */
function isReplacedBy(judgement: Judgement, stored: StoredEvent): boolean {
  const event = toDomainEvent(stored);
  switch (judgement.type) {
    case 'SetVerification':
      return event.type === 'VerificationSet';
    case 'Attribute':
      return event.type === 'AttributionSet';
    case 'MakeClaim':
      return false;
    case 'AssessClaim':
      return event.type === 'ClaimAssessed' && event.data.claim === judgement.claim;
  }
}
