// What is known: now, from a book in memory that is kept up to date; at an earlier position, read from the rows.
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { RegionMap } from '#domain';
import { Databases } from '#database';
import type { Position } from '#event-log';
import { Checkpoints } from '#projection';
import { Registry } from '#registry';
import { FACTS } from '../facts/facts.projection.js';
import { bearings } from './bearings.js';
import { FactBook } from './fact-book.js';
import { loadNews } from './load-facts.js';

/** Each holds all facts of an earlier day; analysts ask about few of them at a time. */
const PAST_BOOKS_MAX = 2;
const ATTEMPTS_MAX = 5;

@Injectable()
export class Knowledge {
  readonly #past = new LRUCache<Position, Promise<FactBook>>({ max: PAST_BOOKS_MAX });
  #now: { readonly book: FactBook; drawnFor: RegionMap } | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly databases: Databases,
    private readonly checkpoints: Checkpoints,
    private readonly registry: Registry,
  ) {}

  /**
   * All that is known now, at least up to `position`, which the projection must have passed. The book goes on
   * learning: take what you need from it before you wait for anything.
   */
  async now(position: Position): Promise<FactBook> {
    const mine = this.#turn.then(() => this.#advance(position));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** All that was known at a position, which the projection must have passed. */
  async at(position: Position): Promise<FactBook> {
    const known = this.#past.get(position);
    if (known) return known;
    const loading = this.#load(position);
    this.#past.set(position, loading);
    loading.catch(() => this.#past.delete(position));
    return loading;
  }

  async #load(position: Position, region?: string): Promise<FactBook> {
    const { regions } = await this.registry.asKnownAt(position);
    const book = new FactBook(bearings(regions));
    const span = { after: 0, until: position, ...(region === undefined ? {} : { region }) };
    book.record(await loadNews(this.databases.analysis, span), position);
    return book;
  }

  async #advance(position: Position): Promise<FactBook> {
    const { regions } = await this.registry.asKnownAt(position);
    this.#now ??= { book: new FactBook(bearings(regions)), drawnFor: regions };
    const { book } = this.#now;
    if (position <= book.position) return book;
    if (this.#now.drawnFor !== regions) {
      book.redraw(bearings(regions));
      this.#now.drawnFor = regions;
    }
    book.record(await this.#newsWhole({ after: book.position, until: position }), position);
    return book;
  }

  /** A rebuild empties the tables under us; then what was read in the middle of it is read again once it is through. */
  async #newsWhole(span: { readonly after: Position; readonly until: Position }): ReturnType<typeof loadNews> {
    for (let attempt = 1; ; attempt += 1) {
      const news = await loadNews(this.databases.analysis, span);
      if ((await this.checkpoints.position(FACTS)) >= span.until) return news;
      if (attempt === ATTEMPTS_MAX) throw new Error('the facts are being rebuilt: they do not reach so far yet');
    }
  }
}
