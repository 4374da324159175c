// What is known: now, in a book in memory that is kept up to date; at an earlier position, read from the rows.
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Databases } from '#database';
import type { Position } from '#event-log';
import { Checkpoints } from '#projection';
import { Registry } from '#registry';
import { FACTS } from '../facts/facts.projection.js';
import { FactBook, type News } from './fact-book.js';
import { loadNews, type Span } from './load-facts.js';

/** Each holds all facts of an earlier day; analysts ask about few of them at a time. */
const PAST_BOOKS_MAX = 2;
const ATTEMPTS_MAX = 5;

@Injectable()
export class Knowledge {
  readonly #past: LRUCache<Position, FactBook>;
  #book: FactBook | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly databases: Databases,
    private readonly checkpoints: Checkpoints,
    private readonly registry: Registry,
  ) {
    this.#past = new LRUCache({ max: PAST_BOOKS_MAX, fetchMethod: (position) => this.#readUntil(position) });
  }

  /**
   * Looks into all that is known now, at least up to `position`, which the projection must have passed.
   * `look` must not wait: the book goes on learning.
   */
  async now<T>(position: Position, look: (book: FactBook) => T): Promise<T> {
    const mine = this.#turn.then(async () => look(await this.#upTo(position)));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** The same for all that was known at exactly this position. */
  async at<T>(position: Position, look: (book: FactBook) => T): Promise<T> {
    return look(await this.#past.forceFetch(position));
  }

  async #upTo(position: Position): Promise<FactBook> {
    const known = this.#book;
    if (known && position <= known.position) return known;
    const register = await this.registry.asKnownAt(position);
    const book = known ?? new FactBook(register);
    book.record(await this.#news({ after: book.position, until: position }), register);
    this.#book = book;
    return book;
  }

  async #readUntil(position: Position): Promise<FactBook> {
    const register = await this.registry.asKnownAt(position);
    const book = new FactBook(register);
    book.record(await this.#news({ after: 0, until: position }), register);
    return book;
  }

  /** A rebuild empties the tables under us; what was read in the middle of one is read again once it is through. */
  async #news(span: Span): Promise<News> {
    for (let attempt = 1; ; attempt += 1) {
      const news = await loadNews(this.databases.analysis, span);
      if ((await this.checkpoints.position(FACTS)) >= span.until) return news;
      if (attempt === ATTEMPTS_MAX) throw new Error('the facts are being rebuilt and do not reach so far yet');
    }
  }
}
