// Provides fact indexes to readers. The index of the present is kept in memory and up to date; indexes of earlier times or
// earlier positions are loaded from the rows. Each covers a span of time, however much happened before and after.
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Databases } from '#database';
import { secondsOf, type TimelineChanges, type Interval, type Seconds } from '#domain';
import type { Position } from '#event-log';
import { Clock, Settings } from '#platform';
import { Checkpoints, type Watermark } from '#projection';
import { Registry, type Register } from '#registry';
import { chapterEnd, chapterStart, presentBegins, reachIn, type Angle } from '../past/chapters.js';
import { PastCourses, type Known, type Underway } from '../past/past-courses.js';
import { FactBook, type Times } from './fact-book.js';
import { Generation } from './generation.js';
import { atMost, loadBearing } from './load-bearing.js';
import { PresentBook, type Present } from './present-book.js';
import { surround } from './surround.js';

/** Each holds the facts of a few weeks; few are requested at a time. */
const PAST_BOOKS_MAX = 3;

/** The (lens, rules) keys that a reader needs, given the registers. */
export type Angles = (register: Register) => readonly Angle[];

/** A request: everything that affects [from, to) and, with `foretell`, the next change after it. */
export type Needs = {
  readonly position: Position;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly foretell: boolean;
};

/** The changes of a region before the present, for a (lens, rules) key. */
export type History = (angle: Angle, region: string) => TimelineChanges;

type Look<T> = (book: FactBook, history: History) => T;
type PastBook = Times & { readonly position: Position; readonly foretell: boolean };

@Injectable()
export class Knowledge {
  readonly #past: LRUCache<string, FactBook, PastBook>;
  #present: PresentBook | null = null;
  /** Whether all facts fit into memory; null: not checked yet. Once they do not, they never will. */
  #isLittle: boolean | null = null;
  /** The generation of the rows that the indexes were loaded from. */
  readonly #generation: Generation;
  #turn: Promise<unknown> = Promise.resolve();

  // eslint-disable-next-line max-params -- Nest hands in one by one what a provider needs
  constructor(
    private readonly databases: Databases,
    checkpoints: Checkpoints,
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly courses: PastCourses,
    private readonly settings: Settings,
  ) {
    this.#generation = new Generation(checkpoints, () => {
      this.#present = null;
      this.#isLittle = null;
      this.#past.clear();
    });
    this.#past = new LRUCache<string, FactBook, PastBook>({
      max: PAST_BOOKS_MAX,
      // A load in progress checks the generation itself when it ends.
      ignoreFetchAbort: true,
      fetchMethod: (_key, _stale, { context }) => this.#readPast(context),
    });
  }

  /** Null: no status history is being computed from the beginning of time. */
  get underway(): Underway | null {
    return this.courses.underway;
  }

  /** Where the index of the present begins; for the time before, it has the carry-over state. */
  get presentBegins(): Seconds {
    return this.#presentBegins ?? -Infinity;
  }

  get #presentBegins(): Present {
    return this.#isLittle === true ? null : presentBegins(secondsOf(this.clock.now()));
  }

  /**
   * Reads the index of the present, updated at least to the given watermark of the projection.
   * `look` must be synchronous, because the index keeps changing.
   */
  now<T>(standing: Watermark, angles: Angles, look: (book: FactBook) => T): Promise<T> {
    return this.#alone(async () => look((await this.#upTo(standing, angles)).book));
  }

  /** The same for readers that need everything from `from` on; null: the index does not reach that far back. */
  since<T extends object>(
    from: Seconds,
    standing: Watermark,
    angles: Angles,
    look: (book: FactBook) => T,
  ): Promise<T | null> {
    return this.#alone(async () => {
      // Whether the index covers the request at all, before it is updated.
      if (this.#present !== null && from < this.presentBegins) return null;
      const { book } = await this.#upTo(standing, angles);
      return from < (book.times.from ?? -Infinity) ? null : look(book);
    });
  }

  /** The same with the changes before the present of the regions that `regionsOf` selects. */
  withHistory<T>(
    standing: Watermark,
    angles: Angles,
    { regionsOf, look }: { readonly regionsOf: () => readonly string[]; readonly look: Look<T> },
  ): Promise<T> {
    return this.#alone(async () => {
      const { book, known } = await this.#upTo(standing, angles);
      const { from } = book.times;
      const regions = regionsOf();
      const all = new Map<Angle, ReadonlyMap<string, TimelineChanges>>();
      for (const angle of angles(book.register))
        all.set(angle, from === null ? new Map() : await this.courses.changesBefore(known, angle, from, regions));
      return look(book, ({ lens, modalities }, region) => {
        for (const [angle, changes] of all)
          if (angle.lens === lens && angle.modalities === modalities) return changes.get(region) ?? NO_CHANGES;
        return NO_CHANGES;
      });
    });
  }

  /** The regions affected before the present by events after a position; null: no longer remembered. */
  touchedSince(position: Position): ReadonlySet<string> | null {
    const touched = this.#present?.touchedSince(position);
    return touched ? new Set(touched.flatMap(({ regions }) => regions)) : null;
  }

  /** Reads the index of a span, as known at exactly a position that the projection has passed. */
  async at<T>(needs: Needs, { generation }: Watermark, angles: Angles, look: (book: FactBook) => T): Promise<T> {
    this.#generation.atLeast(generation);
    this.#isLittle ??= await this.#fits(null);
    const { position, foretell } = needs;
    const context = { position, foretell, ...this.#timesOf(needs) };
    return look(
      await this.#generation.ofOnePiece(async () => {
        const book = await this.#past.forceFetch(JSON.stringify(context), { context });
        await this.#surround(book, angles, { foretell });
        return book;
      }),
    );
  }

  #timesOf({ from, to }: Interval): Times {
    if (this.#presentBegins === null) return { from: null, to: null };
    const last = chapterStart(to - 1);
    const end = chapterEnd(last, last);
    return { from: chapterStart(from), to: end < this.#presentBegins ? end : null };
  }

  #upTo({ position, generation }: Watermark, angles: Angles): Promise<{ book: FactBook; known: Known }> {
    this.#generation.atLeast(generation);
    return this.#generation.ofOnePiece(async () => {
      const present = await this.#generation.unmixed(() => this.#learnUpTo(position));
      const { book } = present;
      const touchedSince = (since: Position): ReturnType<PresentBook['touchedSince']> => present.touchedSince(since);
      return { book, known: await this.#surround(book, angles, { foretell: false, touchedSince }) };
    });
  }

  async #surround(
    book: FactBook,
    angles: Angles,
    { foretell, touchedSince }: { readonly foretell: boolean } & Pick<Known, 'touchedSince'>,
  ): Promise<Known> {
    const { register, position } = book;
    const known = { register, position, generation: this.#generation.current, ...(touchedSince && { touchedSince }) };
    for (const angle of angles(register)) await surround(book, angle, { courses: this.courses, known, foretell });
    return known;
  }

  async #learnUpTo(position: Position): Promise<PresentBook | (() => PresentBook)> {
    const sql = this.databases.analysis;
    if (this.#isLittle !== false) this.#isLittle = await this.#fits(this.#present?.book ?? null);
    const [known, from] = [this.#present, this.#presentBegins];
    if (known?.knows(from, position) === true) return known;
    const register = await this.registry.asKnownAt(Math.max(position, known?.book.position ?? 0));
    const take = await known?.news(sql, from, register);
    if (known && take)
      return () => {
        take();
        return known;
      };
    const read = await PresentBook.read(sql, from, register, known);
    return () => (this.#present = read);
  }

  async #fits(book: FactBook | null): Promise<boolean> {
    const { incidentsInMemoryMax } = this.settings;
    return book ? book.incidents.size <= incidentsInMemoryMax : atMost(this.databases.analysis, incidentsInMemoryMax);
  }

  #readPast({ position, from, to }: PastBook): Promise<FactBook> {
    return this.#generation.unmixed(async () => {
      const register = await this.registry.asKnownAt(position);
      const extent = { from, to, reach: reachIn(register) };
      const { news } = await loadBearing(this.databases.analysis, extent, position);
      return () => {
        const book = new FactBook(register, { from, to });
        book.record(news, register);
        return book;
      };
    });
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

const NO_CHANGES: TimelineChanges = { status: [], watched: [] };
