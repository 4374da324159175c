// What is known: now, in a book in memory that is kept up to date; at an earlier position, read from the rows.
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Databases } from '#database';
import type { Position } from '#event-log';
import { Checkpoints, type Standing } from '#projection';
import { Registry } from '#registry';
import { FACTS } from '../facts/facts.projection.js';
import { FactBook } from './fact-book.js';
import { loadNews } from './load-facts.js';

/** Each holds all facts of an earlier day; analysts ask about few of them at a time. */
const PAST_BOOKS_MAX = 2;
const ATTEMPTS_MAX = 5;

@Injectable()
export class Knowledge {
  readonly #past: LRUCache<Position, FactBook>;
  #book: FactBook | null = null;
  /** Of the rows that the books were read from. */
  #generation = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly databases: Databases,
    private readonly checkpoints: Checkpoints,
    private readonly registry: Registry,
  ) {
    this.#past = new LRUCache({
      max: PAST_BOOKS_MAX,
      // One that is on its way when the books are forgotten sees to it itself that it is of one piece.
      ignoreFetchAbort: true,
      fetchMethod: (position) => this.#readUntil(position),
    });
  }

  /**
   * Looks into all that is known now, at least up to where the projection is known to stand.
   * `look` must not wait: the book goes on learning.
   */
  async now<T>(standing: Standing, look: (book: FactBook) => T): Promise<T> {
    const mine = this.#turn.then(async () => look(await this.#upTo(standing)));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** The same for all that was known at exactly this position, which the projection must have passed. */
  async at<T>(position: Position, { generation }: Standing, look: (book: FactBook) => T): Promise<T> {
    this.#forgetBefore(generation);
    return look(await this.#past.forceFetch(position));
  }

  async #upTo({ position, generation }: Standing): Promise<FactBook> {
    this.#forgetBefore(generation);
    return this.#unmixed(async () => {
      const known = this.#book;
      if (known && position <= known.position) return known;
      const register = await this.registry.asKnownAt(position);
      const book = known ?? new FactBook(register);
      const span = { after: book.position, until: position };
      const news = await loadNews(this.databases.analysis, span);
      return () => {
        book.record(news, register);
        return (this.#book = book);
      };
    });
  }

  #readUntil(position: Position): Promise<FactBook> {
    return this.#unmixed(async () => {
      const register = await this.registry.asKnownAt(position);
      const book = new FactBook(register);
      const news = await loadNews(this.databases.analysis, { after: 0, until: position });
      return () => {
        book.record(news, register);
        return book;
      };
    });
  }

  /** Rows that a rebuild or a retry has written anew do not belong into one book with those of before. */
  async #unmixed(read: () => Promise<FactBook | (() => FactBook)>): Promise<FactBook> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const before = this.#generation;
      const found = await read();
      if (found instanceof FactBook) return found;
      const { generation } = await this.checkpoints.standing(FACTS);
      this.#forgetBefore(generation);
      if (generation === before) return found();
    }
    throw new Error('the facts are written anew again and again: ask later');
  }

  #forgetBefore(generation: number): void {
    if (generation <= this.#generation) return;
    this.#generation = generation;
    this.#book = null;
    this.#past.clear();
  }
}
