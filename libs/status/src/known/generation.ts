// The generation of the fact rows that the in-memory state was loaded from. A rebuild or a retry starts a new one.
import type { Checkpoints } from '#projection';
import { FACTS } from '../facts/facts.projection.js';

const ATTEMPTS_MAX = 5;

export class Generation {
  #current = 0;

  constructor(
    private readonly checkpoints: Checkpoints,
    /** Called when everything loaded so far is invalid. */
    private readonly forget: () => void,
  ) {}

  get current(): number {
    return this.#current;
  }

  atLeast(generation: number): void {
    if (generation <= this.#current) return;
    this.#current = generation;
    this.forget();
  }

  /** Accepts loaded rows only if they are of the same generation as the state. */
  async unmixed<Found extends object>(read: () => Promise<Found | (() => Found)>): Promise<Found> {
    const before = this.#current;
    const found = await read();
    if (typeof found !== 'function') return found;
    if (await this.#isPast(before)) throw new Rewritten();
    return found();
  }

  /** Rows of different generations must not be combined in one answer. */
  async ofOnePiece<Found>(read: () => Promise<Found>): Promise<Found> {
    for (let attempt = 1; ; attempt += 1) {
      const before = this.#current;
      try {
        const found = await read();
        if (!(await this.#isPast(before))) return found;
      } catch (error) {
        if (!(error instanceof Rewritten) && !(await this.#isPast(before))) throw error;
      }
      if (attempt === ATTEMPTS_MAX) throw new Rewritten();
    }
  }

  async #isPast(before: number): Promise<boolean> {
    const { generation } = await this.checkpoints.watermark(FACTS);
    this.atLeast(generation);
    return this.#current !== before;
  }
}

class Rewritten extends Error {
  override readonly name = 'Rewritten';
  constructor() {
    super('the fact rows keep being rewritten: try again later');
  }
}
