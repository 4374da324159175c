// What is known: of the present, in a book in memory that is kept up to date; of earlier times, and as known at an
// earlier position, read from the rows. Each book holds the facts of a span of time, whatever happened before and after.
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Databases } from '#database';
import { secondsOf, type Changes, type Seconds } from '#domain';
import type { Position } from '#event-log';
import { Clock } from '#platform';
import { Checkpoints, type Standing } from '#projection';
import { Registry, type Register } from '#registry';
import { chapterEnd, chapterStart, presentBegins, reachIn, type Angle } from '../past/chapters.js';
import { PastCourses, type Known } from '../past/past-courses.js';
import { FactBook, type Times } from './fact-book.js';
import { Generation } from './generation.js';
import { loadBearing } from './load-bearing.js';
import { PresentBook } from './present-book.js';
import { surround } from './surround.js';

/** Each holds the facts of a few weeks; analysts ask about few of them at a time. */
const PAST_BOOKS_MAX = 3;

/** Under which lenses and rules a reader wants to look, by the registers as known then. */
export type Angles = (register: Register) => readonly Angle[];

/** What a reader of earlier times needs: all that bears on [from, to), and whether also what changes next behind it. */
export type Needs = {
  readonly position: Position;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly foretell: boolean;
};

/** What changed in a region before the present, seen from an angle. */
export type History = (angle: Angle, region: string) => Changes;

type PastBook = Times & { readonly position: Position; readonly foretell: boolean };

@Injectable()
export class Knowledge {
  readonly #past: LRUCache<string, FactBook, PastBook>;
  #present: PresentBook | null = null;
  /** Of the rows that the books were read from. */
  readonly #generation: Generation;
  #turn: Promise<unknown> = Promise.resolve();

  // eslint-disable-next-line max-params -- Nest hands in one by one what a provider needs
  constructor(
    private readonly databases: Databases,
    checkpoints: Checkpoints,
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly courses: PastCourses,
  ) {
    this.#generation = new Generation(checkpoints, () => {
      this.#present = null;
      this.#past.clear();
    });
    this.#past = new LRUCache<string, FactBook, PastBook>({
      max: PAST_BOOKS_MAX,
      // One that is on its way when the books are forgotten sees to it itself that it is of one piece.
      ignoreFetchAbort: true,
      fetchMethod: (_key, _stale, { context }) => this.#readPast(context),
    });
  }

  /** Where the book that is at hand begins; of what lies before, it knows what that leaves behind. */
  get presentBegins(): Seconds {
    return presentBegins(secondsOf(this.clock.now()));
  }

  /**
   * Looks into all that is known now of the present, at least up to where the projection is known to stand.
   * `look` must not wait: the book goes on learning.
   */
  now<T>(standing: Standing, angles: Angles, look: (book: FactBook) => T): Promise<T> {
    return this.#alone(async () => look((await this.#upTo(standing, angles)).book));
  }

  /** The same with all that changed in some regions before the present. */
  withHistory<T>(
    standing: Standing,
    angles: Angles,
    { regions, look }: { readonly regions: readonly string[]; readonly look: (book: FactBook, history: History) => T },
  ): Promise<T> {
    return this.#alone(async () => {
      const { book, known } = await this.#upTo(standing, angles);
      const { from } = book.times;
      const all = new Map<Angle, ReadonlyMap<string, Changes>>();
      for (const angle of angles(book.register))
        all.set(angle, from === null ? new Map() : await this.courses.changesBefore(known, angle, from, regions));
      return look(book, ({ lens, modalities }, region) => {
        for (const [angle, changes] of all)
          if (angle.lens === lens && angle.modalities === modalities) return changes.get(region) ?? NO_CHANGES;
        return NO_CHANGES;
      });
    });
  }

  /** Which regions were touched before the present behind a position; null: it is not remembered. */
  touchedSince(position: Position): ReadonlySet<string> | null {
    const touched = this.#present?.touchedSince(position);
    return touched ? new Set(touched.flatMap(({ regions }) => regions)) : null;
  }

  /** Looks into what bears on a span of earlier times, as known at exactly a position that the projection has passed. */
  async at<T>(needs: Needs, { generation }: Standing, angles: Angles, look: (book: FactBook) => T): Promise<T> {
    this.#generation.atLeast(generation);
    const { position, foretell } = needs;
    const last = chapterStart(needs.to - 1);
    const end = chapterEnd(last, last);
    const context = {
      position,
      foretell,
      from: chapterStart(needs.from),
      to: end < this.presentBegins ? end : null,
    };
    return look(
      await this.#generation.ofOnePiece(async () => {
        const book = await this.#past.forceFetch(JSON.stringify(context), { context });
        await this.#surround(book, angles, { foretell });
        return book;
      }),
    );
  }

  #upTo({ position, generation }: Standing, angles: Angles): Promise<{ book: FactBook; known: Known }> {
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
    const [known, from] = [this.#present, this.presentBegins];
    if (known && position <= known.book.position && known.book.times.from === from) return known;
    const sql = this.databases.analysis;
    const register = await this.registry.asKnownAt(Math.max(position, known?.book.position ?? 0));
    const take = known?.fits(from, register) === true ? await known.news(sql, register) : null;
    if (known && take)
      return () => {
        take();
        return known;
      };
    const read = await PresentBook.read(sql, from, register, known);
    return () => (this.#present = read);
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

const NO_CHANGES: Changes = { status: [], watched: [] };
