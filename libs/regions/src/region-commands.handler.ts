// Handles the commands of regions: defines zones and revises boundaries.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { toDomainEvent, region, UnknownName, type RegionCommand, type RegionDefined, type RegionEvent } from '#domain';
import {
  EventLog,
  transact,
  type CommandMeta,
  type Histories,
  type TransactResult,
  type Transaction,
} from '#event-log';
import { Problem } from '#platform';
import { Registry } from '#registry';

export class DefineRegion extends Command<TransactResult> {
  constructor(
    readonly definition: RegionDefined['data'],
    readonly meta: CommandMeta,
  ) {
    super();
  }
}

export class ReviseBoundary extends Command<TransactResult> {
  constructor(
    readonly code: string,
    readonly command: Extract<RegionCommand, { type: 'ReviseBoundary' }>,
    readonly meta: CommandMeta,
    readonly ifMatch: number | null,
  ) {
    super();
  }
}

@CommandHandler(DefineRegion)
export class DefineRegionHandler implements ICommandHandler<DefineRegion> {
  constructor(
    private readonly log: EventLog,
    private readonly registry: Registry,
  ) {}

  async execute({ definition, meta }: DefineRegion): Promise<TransactResult> {
    await this.#partsMustExist(definition.parts);
    return transact(this.log, transactionFor(definition.region, { type: 'DefineRegion', definition }, { meta }));
  }

  async #partsMustExist(parts: readonly string[]): Promise<void> {
    const isUnknown = (part: string): boolean => this.registry.current.regions.get(part) === undefined;
    if (!parts.some(isUnknown)) return;
    await this.registry.refresh();
    const at = parts.findIndex(isUnknown);
    if (at === -1) return;
    throw new UnknownName(
      `/parts/${at}`,
      `the region ${parts[at] ?? ''} is unknown; GET /v1/regions lists the regions`,
    );
  }
}

@CommandHandler(ReviseBoundary)
export class ReviseBoundaryHandler implements ICommandHandler<ReviseBoundary> {
  constructor(private readonly log: EventLog) {}

  execute({ code, command, meta, ifMatch }: ReviseBoundary): Promise<TransactResult> {
    return transact(this.log, transactionFor(code, command, { meta, ifMatch }));
  }
}

export function noSuchRegion(code: string): Problem {
  return new Problem(404, 'no-such-region', `There is no region ${code}; GET /v1/regions lists the regions.`);
}

function transactionFor(code: string, command: RegionCommand, how: Pick<Transaction, 'meta' | 'ifMatch'>): Transaction {
  const stream = `region-${code}`;
  const decide = (histories: Histories) => {
    const history = (histories.get(stream) ?? []).map((stored) => toDomainEvent(stored) as RegionEvent);
    if (command.type === 'ReviseBoundary' && history.length === 0) throw noSuchRegion(code);
    const events = region.decide(command, history.reduce(region.evolve, region.initialState));
    return [{ stream, events: events.map((event) => ({ event, key: stream })) }];
  };
  return { streams: [stream], decide, ...how };
}
