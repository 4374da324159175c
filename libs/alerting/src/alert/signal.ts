// Lets one loop sleep until somebody rings. What rings between asking and sleeping is not lost.

export class Signal {
  #count = 0;
  #resume: () => void = () => undefined;

  /** How often it has rung: ask before looking for work, and hand it to `wait`. */
  get count(): number {
    return this.#count;
  }

  notify(): void {
    this.#count += 1;
    this.#resume();
  }

  /** Resolves once it has rung more than `heard` times, or after `patienceMs`. One waiter at a time. */
  wait(heard: number, patienceMs: number): Promise<void> {
    if (heard !== this.#count) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
