// The as-of context of a read: its instant, the position of knowledge, the lens and the modalities.
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  DAY,
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
import { mustBeActor, mustBeRegion, Registry, type Register } from '#registry';
import { FACTS } from '../facts/facts.projection.js';
import type { FactBook } from '../known/fact-book.js';
import { LISTED_BEFORE, partsOf, type Angle } from '../past/chapters.js';
import { Knowledge } from '../known/knowledge.js';
import { withDeadline } from './deadline.js';
import type { AsOfQuery } from './query.js';

/** How long a read waits for the position that it asked for. */
const DEADLINE_MS = 5_000;
/** Readings of the present before it is read from the rows, at exactly one position. */
const CITABLE_ATTEMPTS_MAX = 3;
/** After this time no event gets the same millisecond any more, if the clocks of the database and of this process agree. */
const MILLISECOND_OVER_MS = 3;

export type AsOf = {
  readonly position: Position;
  readonly at: Seconds;
  /** Citing it together with `at` gives the same answer. */
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

/** The as-of context with the fact index. Its `knownAt` is only determined after the read. */
export type View = Omit<AsOf, 'knownAt'> & { readonly book: FactBook };
type PartView = View & { readonly part: Interval };
type Seen<T> = { readonly view: View; readonly result: T };
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
    if (pinned !== undefined && pinned > (await this.log.head()).position) throw badCursor();
    const named = await this.#positionAsked(query);
    const asked = pinned ?? named;
    const position = asked ?? (await this.#citable((await this.#reach(query.minPosition ?? 0)).position));
    await this.#reach(Math.max(position, query.minPosition ?? 0));
    const register = await this.registry.asKnownAt(position);
    return { ...this.#asOf(query, register), knownAt: await this.#knownAt(query, position, named) };
  }

  /**
   * Reads everything that affects the requested instant and the lists before it.
   * `look` must be synchronous, because the fact index keeps changing.
   */
  look<T extends object>(query: AsOfQuery, look: (view: View) => T): Promise<Stamp & T> {
    return withDeadline(this.#look(query, look), () => this.knowledge.underway);
  }

  async #look<T extends object>(query: AsOfQuery, look: (view: View) => T): Promise<Stamp & T> {
    const at = this.#at(query);
    const needs = { from: at - LISTED_BEFORE, to: at + 1, foretell: true };
    const lookInto = (book: FactBook): Seen<T> => {
      const view = { ...this.#asOf(query, book.register), book };
      return { view, result: look(view) };
    };
    const present = (reached: Watermark): Promise<Seen<T> | null> =>
      this.knowledge.since(needs.from, reached, this.#angles(query), lookInto);
    const past = (position: Position, reached: Watermark): Promise<Seen<T>> =>
      this.knowledge.at({ ...needs, position }, reached, this.#angles(query), lookInto);
    const { seen, knownAt } = await this.#seen(query, present, past);
    return { ...stamp({ ...seen.view, knownAt }), ...seen.result };
  }

  /**
   * Reads a span of time in parts [from, to). All parts are as known at the position in the stamp.
   */
  lookOver<T extends object>(
    query: AsOfQuery,
    spanOf: (at: Seconds) => Interval,
    look: (view: PartView) => T,
  ): Promise<LookedOver<T>> {
    return withDeadline(this.#lookOver(query, spanOf, look), () => this.knowledge.underway);
  }

  async #lookOver<T extends object>(
    query: AsOfQuery,
    spanOf: (at: Seconds) => Interval,
    look: (view: PartView) => T,
  ): Promise<LookedOver<T>> {
    const span = spanOf(this.#at(query));
    const lookInto =
      (part: Interval) =>
      (book: FactBook): Seen<T> => {
        const view = { ...this.#asOf(query, book.register), book };
        return { view, result: look({ ...view, part }) };
      };
    const present = async (reached: Watermark): Promise<Seen<T[]> | null> => {
      const whole = await this.knowledge.since(span.from, reached, this.#angles(query), lookInto(span));
      return whole && { view: whole.view, result: [whole.result] };
    };
    const past = async (position: Position, reached: Watermark): Promise<Seen<T[]>> => {
      const all: Seen<T>[] = [];
      // All parts are as known at one position, whatever becomes known meanwhile.
      for (const part of partsOf(span, this.knowledge.presentBegins)) {
        const needs = { ...part, position, foretell: false };
        all.push(await this.knowledge.at(needs, reached, this.#angles(query), lookInto(part)));
      }
      const [first] = all;
      if (!first) throw new Error('a span of time has at least one part');
      return { view: first.view, result: all.map(({ result }) => result) };
    };
    const { seen, knownAt } = await this.#seen(query, present, past);
    return { stamp: stamp({ ...seen.view, knownAt }), parts: seen.result };
  }

  /**
   * Reads the present from memory if nothing earlier is asked for, else the past from the rows. An answer about the
   * present is repeated while its position has no instant of its own, because its `knownAt` could not be cited.
   */
  async #seen<T>(
    query: AsOfQuery,
    present: (reached: Watermark) => Promise<Seen<T> | null>,
    past: (position: Position, reached: Watermark) => Promise<Seen<T>>,
  ): Promise<{ readonly seen: Seen<T>; readonly knownAt: Instant }> {
    const asked = await this.#positionAsked(query);
    let reached = await this.#reach(Math.max(asked ?? 0, query.minPosition ?? 0));
    for (let attempt = 1; asked === undefined && attempt <= CITABLE_ATTEMPTS_MAX; attempt += 1) {
      const seen = await present(reached);
      if (seen === null) break;
      const citable = await this.#citable(seen.view.position);
      if (citable === seen.view.position) return { seen, knownAt: await this.#knownAt(query, citable, asked) };
      reached = await this.#reach(citable);
    }
    const position = asked ?? (await this.#citable(reached.position));
    const seen = await past(position, await this.#reach(position));
    return { seen, knownAt: await this.#knownAt(query, position, asked) };
  }

  #angles(query: AsOfQuery): (register: Register) => readonly Angle[] {
    return (register) => [{ lens: lensIn(register, query.lens), modalities: modalitiesAt(register, this.#at(query)) }];
  }

  #at(query: AsOfQuery): Seconds {
    return secondsOf(query.at ?? this.clock.now());
  }

  #asOf(query: AsOfQuery, register: Register): Omit<AsOf, 'knownAt'> {
    const at = this.#at(query);
    const lens = lensIn(register, query.lens);
    return { position: register.position, at, lens, modalities: modalitiesAt(register, at), register };
  }

  /** Undefined: the present, which a future `knownAt` means too. */
  async #positionAsked({ knownAt, knownAtPosition }: AsOfQuery): Promise<Position | undefined> {
    if (knownAt === undefined) return knownAtPosition;
    const { recordedAt } = await this.log.head();
    const latest = Math.max(Date.parse(this.clock.now()), recordedAt === null ? 0 : Date.parse(recordedAt));
    return Date.parse(knownAt) > latest ? undefined : this.log.positionAt(knownAt);
  }

  /** The last position that was recorded in the same millisecond as this one: `knownAt` cannot distinguish them. */
  async #citable(position: Position): Promise<Position> {
    if (position === 0) return 0;
    let [event, next] = await this.log.read(position - 1, 2);
    if (!event) return position;
    if (!next && Date.parse(this.clock.now()) - Date.parse(event.recordedAt) < MILLISECOND_OVER_MS) {
      await sleep(MILLISECOND_OVER_MS);
      [event = event, next] = await this.log.read(position - 1, 2);
    }
    return next?.recordedAt === event.recordedAt ? this.log.positionAt(event.recordedAt) : position;
  }

  /** The watermark of the facts once it has passed the position. */
  async #reach(position: Position): Promise<Watermark> {
    const reached = await this.checkpoints.waitFor(FACTS, position, DEADLINE_MS);
    if (reached) return reached;
    throw new Problem(503, 'position-not-reached', `The facts have not reached position ${position} yet: try again.`, {
      headers: { 'retry-after': '1' },
    });
  }

  /** As asked for; else when the last event was recorded that the answer includes. */
  async #knownAt({ knownAt }: AsOfQuery, position: Position, asked: Position | undefined): Promise<Instant> {
    if (knownAt !== undefined && asked !== undefined) return knownAt;
    if (position === 0) return this.clock.now();
    const [event] = await this.log.read(position - 1, 1);
    return event?.recordedAt ?? this.clock.now();
  }
}

function badCursor(): Problem {
  return new Problem(
    400,
    'bad-cursor',
    'The cursor names a position that the log has not reached: start without a cursor.',
  );
}

function lensIn({ lenses }: Register, code: string): Lens {
  if (lenses.size === 0) throw nothingKnown();
  const lens = lenses.get(code);
  if (lens) return lens;
  throw new UnknownName('/lens', `The lens ${code} is unknown. Known: ${[...lenses.keys()].join(', ')}.`);
}

/** Throws for a region or an actor in a filter that is not registered: an empty list would look like calm. */
export function mustKnow(
  register: Register,
  { region, accused = [] }: { readonly region?: string | undefined; readonly accused?: readonly string[] | undefined },
): void {
  if (region !== undefined) mustBeRegion(region, '/region', register);
  for (const code of accused) mustBeActor(code, '/accused', register);
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

/** Longer spans are read bucket by bucket from the rows, which takes minutes for centuries. */
const SPAN_MAX: Seconds = 3_653 * DAY;

/** For reads of a span that compute its timeline. */
export function mustBeSpan({ from, to }: Interval): void {
  mustBeInOrder({ from: instantOf(from), to: instantOf(to) });
  if (to - from <= SPAN_MAX) return;
  const detail = 'must be at most ten years after `from`';
  throw new Problem(400, 'malformed', `/to: ${detail}`, { errors: [{ pointer: '/to', code: 'invalid', detail }] });
}

/** Omitted bounds are in order with any other. */
export function mustBeInOrder({
  from,
  to,
}: {
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}): void {
  if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return;
  throw new Problem(400, 'malformed', '/to: must be after `from`', {
    errors: [{ pointer: '/to', code: 'invalid', detail: 'must be after `from`' }],
  });
}
