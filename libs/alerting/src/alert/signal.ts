// Wakes one waiting loop. A notification between the loop's check for work and its wait is not lost.

export class Signal {
  #count = 0;
  #resume: () => void = () => undefined;

  /** Number of notifications so far. Read it before checking for work, and pass it to `wait`. */
  get count(): number {
    return this.#count;
  }

  notify(): void {
    this.#count += 1;
    this.#resume();
  }

  /** Resolves once there have been more than `seen` notifications, or after `timeoutMs`. One waiter at a time. */
  wait(seen: number, timeoutMs: number): Promise<void> {
    if (seen !== this.#count) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
