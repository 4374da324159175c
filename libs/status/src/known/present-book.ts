// The fact index of the present, updated by deltas. Facts about earlier times do not enter it; only the times and regions
// that they affect are remembered.
import type { Sql } from '#database';
import { damascusDay, type Seconds } from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import { reachIn } from '../past/chapters.js';
import { bearings } from './bearings.js';
import { FactBook } from './fact-book.js';
import { loadBearing, nearFrom, type Extent } from './load-bearing.js';
import {
  changedIncidents,
  newsOf,
  replacedEpisodes,
  replacedObservations,
  replacedRedLines,
  type ChangedIncident,
} from './load-facts.js';
import { touchedBy, type Changes, type Touched } from './touched.js';

/** The span of the index: all time, or from some weeks ago on. */
export type Present = Seconds | null;
type Learnt = Omit<Changes, 'incidents'> & { readonly incidents: readonly ChangedIncident[] };
type Noted = { readonly position: Position; readonly touched: readonly Touched[] };

/** A limit: readers rarely need more, and the rows have it too. */
const NOTES_MAX = 1_000;

export class PresentBook {
  #notes: Noted[] = [];
  /** Everything after this position is remembered. */
  #notedFrom: Position;

  private constructor(
    readonly book: FactBook,
    private readonly present: Extent,
    /** The days before the present whose incidents the index holds. */
    private readonly farDays: ReadonlySet<string>,
  ) {
    this.#notedFrom = book.position;
  }

  /** `before`: an earlier index of the same facts; the changes since are known. */
  static async read(sql: Sql, from: Present, register: Register, before: PresentBook | null): Promise<PresentBook> {
    const present = { from, to: null, reach: reachIn(register) };
    const touched = before ? touchedBy(await learntSince(sql, before.book, register), ...reaching(register)) : [];
    const { news, farDays } = await loadBearing(sql, present, register.position);
    const book = new FactBook(register, { from, to: null });
    book.record(news, register);
    if (before) book.continue(before.book, touched);
    return new PresentBook(book, present, farDays);
  }

  /** Whether it begins there and is at least at the position. */
  knows(from: Present, position: Position): boolean {
    return this.present.from === from && position <= this.book.position;
  }

  /** Loads the delta and returns a function that applies it; null: the index must be reloaded. */
  async news(sql: Sql, from: Present, register: Register): Promise<(() => void) | null> {
    if (this.present.from !== from || this.present.reach !== reachIn(register)) return null;
    const learnt = await learntSince(sql, this.book, register);
    if (learnt.incidents.some((one) => this.#needsMore(one))) return null;
    const touched = touchedBy(learnt, ...reaching(register));
    const { incidents, observations, episodes, redLines } = learnt;
    const news = newsOf(
      incidents.filter((one) => this.#isHere(one)),
      observations.filter(({ before, now }) => [before, now].some((one) => one && this.#bears(one.to))),
      episodes,
      redLines,
    );
    return () => {
      this.book.record(news, register);
      this.book.touch(touched);
      this.#note({ position: register.position, touched: touched.filter((one) => one.from < this.#from) });
    };
  }

  /** What was affected before the present by events after a position; null: no longer remembered. */
  touchedSince(position: Position): readonly Touched[] | null {
    if (position < this.#notedFrom) return null;
    return this.#notes.flatMap((noted) => (noted.position > position ? noted.touched : []));
  }

  get #from(): Seconds {
    return this.present.from ?? -Infinity;
  }

  #note(noted: Noted): void {
    if (noted.touched.length === 0) return;
    this.#notes.push(noted);
    if (this.#notes.length <= NOTES_MAX) return;
    this.#notedFrom = this.#notes.shift()?.position ?? this.#notedFrom;
  }

  /** It affects the present, but the other incidents of its day are not in the index. */
  #needsMore({ now: { from, to } }: ChangedIncident): boolean {
    return this.#isFar(from) && to !== null && this.#bears(to) && !this.#isOnFarDay(from);
  }

  #isHere({ doc, now: { from } }: ChangedIncident): boolean {
    return !this.#isFar(from) || this.#isOnFarDay(from) || this.book.incidents.has(doc.incident);
  }

  #isFar(from: Seconds | null): from is Seconds {
    return from !== null && from < (nearFrom(this.present) ?? -Infinity);
  }

  #isOnFarDay(from: Seconds): boolean {
    return this.farDays.has(damascusDay(from));
  }

  #bears(to: Seconds): boolean {
    return to + this.present.reach > this.#from;
  }
}

async function learntSince(sql: Sql, { position }: FactBook, register: Register): Promise<Learnt> {
  const span = { after: position, until: register.position };
  const [incidents, observations, episodes, redLines] = await Promise.all([
    changedIncidents(sql, span),
    replacedObservations(sql, span),
    replacedEpisodes(sql, span),
    replacedRedLines(sql, span),
  ]);
  return { incidents, observations, episodes, redLines };
}

function reaching({ regions, ...register }: Register) {
  return [bearings(regions), reachIn({ regions, ...register })] as const;
}
