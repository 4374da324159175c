// The as-of context of a read: its instant, the position of knowledge, the lens and the modalities.
import { Injectable } from '@nestjs/common';
import {
  instantOf,
  secondsOf,
  UnknownName,
  type Instant,
  type Interval,
  type Lens,
  type Modalities,
  type Region,
  type Seconds,
} from '#domain';
import { EventLog, type Position } from '#event-log';
import { Clock, Problem } from '#platform';
import { Checkpoints, type Watermark } from '#projection';
import { Registry, type Register } from '#registry';
import { FACTS } from '../facts/facts.projection.js';
import type { FactBook } from '../known/fact-book.js';
import { LISTED_BEFORE, partsOf, type Angle } from '../past/chapters.js';
import { Knowledge } from '../known/knowledge.js';
import { withDeadline } from './deadline.js';
import type { AsOfQuery } from './query.js';

/** How long a read waits for the position that it asked for. */
const DEADLINE_MS = 5_000;

export type AsOf = {
  readonly position: Position;
  readonly at: Seconds;
  readonly knownAt: Instant;
  readonly lens: Lens;
  /** In force at `at`; before the first modalities, the first. */
  readonly modalities: Modalities;
  readonly register: Register;
};

/** The first members of every analytic answer. */
export type Stamp = {
  readonly position: Position;
  readonly at: Instant;
  readonly knownAt: Instant;
  readonly lens: string;
  readonly modalities: string;
};

export function stamp({ position, at, knownAt, lens, modalities }: AsOf): Stamp {
  return { position, at: instantOf(at), knownAt, lens: lens.code, modalities: modalities.version };
}

/** The as-of context with the fact index. */
export type View = AsOf & { readonly book: FactBook };
type PartView = View & { readonly part: Interval };
type Seen<T> = { readonly stamp: Stamp; readonly part: T };
export type LookedOver<T> = { readonly stamp: Stamp; readonly parts: readonly T[] };

@Injectable()
export class AsOfReads {
  constructor(
    private readonly log: EventLog,
    private readonly checkpoints: Checkpoints,
    private readonly registry: Registry,
    private readonly knowledge: Knowledge,
    private readonly clock: Clock,
  ) {}

  /** `pinned`: the position of a list's first page. */
  async of(query: AsOfQuery, pinned?: Position): Promise<AsOf> {
    const asked = pinned ?? (await this.#positionAsked(query));
    const reached = await this.#reach(Math.max(asked ?? 0, query.minPosition ?? 0));
    const register = await this.registry.asKnownAt(asked ?? reached.position);
    return this.#standing(query, register, await this.#knownAt(query));
  }

  /**
   * Reads everything that affects the requested instant and the lists before it.
   * `look` must be synchronous, because the fact index keeps changing.
   */
  look<T extends object>(query: AsOfQuery, look: (view: View) => T): Promise<T> {
    return this.#withDeadline(this.#look(query, look));
  }

  async #look<T extends object>(query: AsOfQuery, look: (view: View) => T): Promise<T> {
    const { asked, reached, knownAt } = await this.#place(query);
    const at = this.#at(query);
    const needs = { from: at - LISTED_BEFORE, to: at + 1, foretell: true };
    const lookInto = (book: FactBook): T => look({ ...this.#standing(query, book.register, knownAt), book });
    const seen =
      asked === undefined ? await this.knowledge.since(needs.from, reached, this.#angles(query), lookInto) : null;
    if (seen !== null) return seen;
    const position = asked ?? reached.position;
    return this.knowledge.at({ ...needs, position }, reached, this.#angles(query), lookInto);
  }

  /**
   * Reads a span of time in parts [from, to). All parts are as known at the position in the stamp.
   */
  lookOver<T extends object>(
    query: AsOfQuery,
    spanOf: (at: Seconds) => Interval,
    look: (view: PartView) => T,
  ): Promise<LookedOver<T>> {
    return this.#withDeadline(this.#lookOver(query, spanOf, look));
  }

  #withDeadline<T>(work: Promise<T>): Promise<T> {
    return withDeadline(work, () => this.knowledge.underway);
  }

  async #lookOver<T extends object>(
    query: AsOfQuery,
    spanOf: (at: Seconds) => Interval,
    look: (view: PartView) => T,
  ): Promise<LookedOver<T>> {
    const { asked, reached, knownAt } = await this.#place(query);
    const span = spanOf(this.#at(query));
    const lookInto =
      (part: Interval) =>
      (book: FactBook): Seen<T> => {
        const standing = this.#standing(query, book.register, knownAt);
        return { stamp: stamp(standing), part: look({ ...standing, book, part }) };
      };
    const seen =
      asked === undefined ? await this.knowledge.since(span.from, reached, this.#angles(query), lookInto(span)) : null;
    if (seen !== null) return { stamp: seen.stamp, parts: [seen.part] };
    const all: Seen<T>[] = [];
    // All parts are as known at one position, whatever becomes known meanwhile.
    const position = asked ?? reached.position;
    for (const part of partsOf(span, this.knowledge.presentBegins)) {
      const needs = { ...part, position, foretell: false };
      all.push(await this.knowledge.at(needs, reached, this.#angles(query), lookInto(part)));
    }
    const [first] = all;
    if (!first) throw new Error('a span of time has at least one part');
    return { stamp: first.stamp, parts: all.map(({ part }) => part) };
  }

  async #place(query: AsOfQuery): Promise<{ asked: Position | undefined; reached: Watermark; knownAt: Instant }> {
    const asked = await this.#positionAsked(query);
    const reached = await this.#reach(Math.max(asked ?? 0, query.minPosition ?? 0));
    return { asked, reached, knownAt: await this.#knownAt(query) };
  }

  #angles(query: AsOfQuery): (register: Register) => readonly Angle[] {
    return (register) => [{ lens: lensIn(register, query.lens), modalities: modalitiesAt(register, this.#at(query)) }];
  }

  #at(query: AsOfQuery): Seconds {
    return secondsOf(query.at ?? this.clock.now());
  }

  #standing(query: AsOfQuery, register: Register, knownAt: Instant): AsOf {
    const at = this.#at(query);
    const lens = lensIn(register, query.lens);
    return { position: register.position, at, knownAt, lens, modalities: modalitiesAt(register, at), register };
  }

  async #positionAsked({ knownAt, knownAtPosition }: AsOfQuery): Promise<Position | undefined> {
    return knownAt === undefined ? knownAtPosition : this.log.positionAt(knownAt);
  }

  /** The watermark of the facts once it has passed the position. */
  async #reach(position: Position): Promise<Watermark> {
    const reached = await this.checkpoints.waitFor(FACTS, position, DEADLINE_MS);
    if (reached) return reached;
    throw new Problem(503, 'position-not-reached', `The facts have not reached position ${position} yet: try again.`, {
      headers: { 'retry-after': '1' },
    });
  }

  async #knownAt({ knownAt, knownAtPosition }: AsOfQuery): Promise<Instant> {
    if (knownAt !== undefined) return knownAt;
    if (knownAtPosition === undefined || knownAtPosition === 0) return this.clock.now();
    const [event] = await this.log.read(knownAtPosition - 1, 1);
    return event?.recordedAt ?? this.clock.now();
  }
}

function lensIn({ lenses }: Register, code: string): Lens {
  if (lenses.size === 0) throw nothingKnown();
  const lens = lenses.get(code);
  if (lens) return lens;
  throw new UnknownName('/lens', `The lens ${code} is unknown. Known: ${[...lenses.keys()].join(', ')}.`);
}

/** For a region named in a query. */
export function mustKnowRegion({ regions }: Register, code: string): void {
  if (!regions.get(code)) throw new UnknownName('/region', `The region ${code} is unknown: see /v1/regions.`);
}

export function modalitiesAt({ modalities }: Register, at: Seconds): Modalities {
  const inForce = modalities.findLast(({ from }) => from <= at) ?? modalities[0];
  if (inForce) return inForce;
  throw nothingKnown();
}

function nothingKnown(): Problem {
  return new Problem(
    422,
    'nothing-known',
    'Neither lenses nor modalities were registered then: ask for a later position or instant.',
  );
}

/** For a region named in the path. */
export function regionIn({ regions }: Register, code: string): Region {
  const region = regions.get(code);
  if (region) return region;
  throw new Problem(404, 'unknown-region', `The region ${code} is unknown: see /v1/regions.`);
}

export function mustBeInOrder(from: number, to: number): void {
  if (from < to) return;
  throw new Problem(400, 'malformed', '/to: must be after `from`', {
    errors: [{ pointer: '/to', code: 'invalid', detail: 'must be after `from`' }],
  });
}
