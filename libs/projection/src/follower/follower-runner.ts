// Starts and stops the followers of several projections. They run independently: a failing one does not delay the others.
import type { FollowerState } from './follower.js';

export type FollowerLoop<State extends FollowerState> = {
  readonly state: State;
  /** Resolves once `signal` has aborted and the batch in progress is written. */
  readonly follow: (signal: AbortSignal) => Promise<void>;
};

export abstract class FollowerRunner<State extends FollowerState = FollowerState> {
  readonly #followers: readonly FollowerLoop<State>[];
  #stopping = new AbortController();
  #loops: readonly Promise<void>[] = [];

  protected constructor(followers: readonly FollowerLoop<State>[]) {
    this.#followers = followers;
  }

  /** Takes over from the process that ran them before. */
  start(): void {
    this.#stopping = new AbortController();
    this.#loops = this.#followers.map((follower) => follower.follow(this.#stopping.signal));
  }

  /** Resolves once the batches in progress are written. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  /** For health and metrics. */
  get states(): readonly State[] {
    return this.#followers.map(({ state }) => state);
  }
}
