// The recheck schedule: regions with new facts, and regions whose status changes by itself at a known instant.
import type { RegionMap, Seconds } from '#domain';
import type { Position } from '#event-log';
import type { Register } from '#registry';
import type { FactBook } from '../known/fact-book.js';

export class Agenda {
  readonly #due = new Map<string, Seconds>();
  /** Facts up to this position were checked; -1: none, so that every region is checked first. */
  #seen: Position = -1;
  #lineage: object | null = null;
  #rules: Pick<Register, 'regions' | 'actors' | 'instruments' | 'alignments' | 'lenses' | 'modalities'> | null = null;

  get seen(): Position {
    return this.#seen;
  }

  /** The earliest instant at which a region is due; Infinity: never. */
  get next(): Seconds {
    let next = Infinity;
    for (const at of this.#due.values()) next = Math.min(next, at);
    return next;
  }

  put(due: ReadonlyMap<string, Seconds>): void {
    for (const [region, at] of due) this.#due.set(region, at);
  }

  /**
   * All regions when the registers have changed, because a new actor, lens or rule may affect any region, and when the
   * facts were rewritten.
   */
  regionsToLookAt(book: FactBook, now: Seconds): readonly string[] {
    const codes = codesOf(book.register.regions);
    if (this.#seen < 0 || this.#lineage !== book.lineage || this.#haveRegistersChanged(book.register)) {
      this.#lineage = book.lineage;
      this.#rules = book.register;
      this.#seen = -1;
      return codes;
    }
    return codes.filter((code) => book.changedAt(code) > this.#seen || (this.#due.get(code) ?? Infinity) <= now);
  }

  lookedAt(position: Position): void {
    this.#seen = Math.max(this.#seen, position);
  }

  #haveRegistersChanged(register: Register): boolean {
    const before = this.#rules;
    return (
      before?.regions !== register.regions ||
      before.actors !== register.actors ||
      before.instruments !== register.instruments ||
      before.alignments !== register.alignments ||
      before.lenses !== register.lenses ||
      before.modalities !== register.modalities
    );
  }
}

function codesOf(map: RegionMap): readonly string[] {
  return map.all.map(({ code }) => code);
}
