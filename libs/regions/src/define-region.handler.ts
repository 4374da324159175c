// Defines a region, once: the code is the id that makes a repeat harmless.
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { region, UnknownName, type Instant, type RegionDefined } from '#domain';
import { EventLog, type CommandMeta, type Position } from '#event-log';
import { Registry } from '#registry';

export type Acknowledged = {
  readonly code: string;
  readonly position: Position;
  readonly recordedAt: Instant;
};

/** `isNew` false: the same was said before, and this is what was answered then. */
export type Defined = { readonly isNew: boolean; readonly answer: Acknowledged };

export class DefineRegion extends Command<Defined> {
  constructor(
    readonly definition: RegionDefined['data'],
    readonly meta: CommandMeta,
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

  async execute({ definition, meta }: DefineRegion): Promise<Defined> {
    const { region: code } = definition;
    await this.#mustKnow(definition.parts);
    const stream = `region-${code}`;
    const command = { type: 'DefineRegion', definition } as const;
    const events = region.decide(command, region.initialState).map((event) => ({ event, key: stream }));
    const outcome = await this.log.append({ writes: [{ stream, expected: 0, events }], meta });
    switch (outcome.kind) {
      case 'appended':
        return { isNew: true, answer: { code, position: outcome.position, recordedAt: outcome.recordedAt } };
      case 'duplicate': {
        const { commandEnd, recordedAt } = outcome.first;
        return { isNew: false, answer: { code, position: commandEnd, recordedAt } };
      }
      case 'id_reused':
      case 'conflict':
        // The decider knows how to say no to a region that exists.
        region.decide(command, { status: 'defined', region: code, boundary: null });
        throw new Error('a region that exists was not refused');
    }
  }

  async #mustKnow(parts: readonly string[]): Promise<void> {
    const isUnknown = (part: string): boolean => this.registry.current.regions.get(part) === undefined;
    if (!parts.some(isUnknown)) return;
    await this.registry.refreshed();
    const unknown = parts.findIndex(isUnknown);
    if (unknown === -1) return;
    throw new UnknownName(
      `/parts/${unknown}`,
      `the region ${parts[unknown] ?? ''} is unknown; GET /v1/regions lists what there is`,
    );
  }
}
