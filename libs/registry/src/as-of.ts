// Resolves the as-of of a read of the registers: which register it reads, and what the answer says about it.
import { Injectable } from '@nestjs/common';
import { UnknownName, type Instant } from '#domain';
import { EventLog, type Position } from '#event-log';
import { Clock, members, Problem } from '#platform';
import { z } from 'zod';
import { Registry, type Register } from './registry.js';

/** The as-of parameters of every analytic read. */
export const asOfQuery = {
  at: members.instant.optional().meta({ description: 'what was the case then', examples: ['2017-01-15T12:00:00Z'] }),
  knownAt: members.instant.optional().meta({ description: 'what was known then', examples: ['2017-01-16T00:00:00Z'] }),
  knownAtPosition: members.position.optional().meta({ description: 'what was known at this position of the log' }),
  minPosition: members.position.optional().meta({ description: 'a position that the answer must include' }),
  lens: z.string().default('strict'),
};
/** The query of one region. */
export const regionQuery = z.strictObject({
  f: z.enum(['json', 'geojson']).optional().meta({ description: 'the format, where Accept cannot be set' }),
  ...asOfQuery,
});
export type RegionQuery = z.output<typeof regionQuery>;
export type AsOfQuery = z.output<z.ZodObject<typeof asOfQuery>>;

export type AsOf = {
  readonly position: Position;
  readonly at: Instant;
  readonly knownAt: Instant;
  readonly lens: string;
  /** The version in force at `at`; null before the first. */
  readonly modalities: string | null;
};

@Injectable()
export class AsOfResolver {
  constructor(
    private readonly log: EventLog,
    private readonly registry: Registry,
    private readonly clock: Clock,
  ) {}

  /** `pinned`: the position of a list's first page. */
  async resolve(
    query: AsOfQuery,
    pinned: Position | null = null,
  ): Promise<{ readonly register: Register; readonly asOf: AsOf }> {
    const now = this.clock.now();
    const latest = await this.registry.refresh();
    for (const wanted of [query.minPosition, query.knownAtPosition]) mustHaveReached(wanted ?? 0, latest);
    const position = pinned ?? (await this.#positionOf(query)) ?? latest.position;
    const register = await this.registry.asKnownAt(position);
    const at = query.at ?? now;
    const knownAt = query.knownAt ?? (await this.#recordedAt(query.knownAtPosition)) ?? now;
    mustKnowLens(query.lens, register);
    return { register, asOf: { position, at, knownAt, lens: query.lens, modalities: inForce(register, at) } };
  }

  async #positionOf({ knownAt, knownAtPosition }: AsOfQuery): Promise<Position | null> {
    if (knownAtPosition !== undefined) return knownAtPosition;
    return knownAt === undefined ? null : this.log.positionAt(knownAt);
  }

  async #recordedAt(position: Position | undefined): Promise<Instant | null> {
    if (position === undefined || position === 0) return null;
    const [event] = await this.log.read(position - 1, 1);
    return event?.recordedAt ?? null;
  }
}

function mustHaveReached(wanted: Position, latest: Register): void {
  if (wanted <= latest.position) return;
  throw new Problem(503, 'position-not-reached', `The log has not reached position ${wanted} yet.`, {
    headers: { 'retry-after': '1' },
  });
}

function mustKnowLens(lens: string, { lenses }: Register): void {
  // A register as of before the profile was loaded is empty, and still answers: it has no regions.
  if (lenses.size === 0 || lenses.has(lens)) return;
  throw new UnknownName('/lens', `the lens ${lens} is unknown; known are ${[...lenses.keys()].join(', ')}`);
}

function inForce({ modalities }: Register, at: Instant): string | null {
  return modalities.findLast(({ from }) => from * 1000 <= Date.parse(at))?.version ?? null;
}
