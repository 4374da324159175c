// Registry of projections: features add theirs while Nest starts, then the platform runs all of them.
import { Injectable } from '@nestjs/common';
import type { FollowerState, Projection } from '#projection';
import type { CounterSource } from './metrics/metric-sources.js';

/** `partitions`: those assigned to this process, if several processes share them. */
export type RunningState = FollowerState & { readonly partitions?: readonly number[] };

/** Runs the projections of this process. */
export type Runner = {
  readonly start: () => void;
  /** Resolves once the batches in progress are written. */
  readonly stop: () => Promise<void>;
  readonly states: readonly RunningState[];
  /** Counts since process start, for the metrics. */
  readonly counters?: readonly CounterSource[];
  /** True if other processes take part. The overall progress of a projection then does not decide this process's readiness. */
  readonly isShared?: boolean;
};

/**
 * ```ts
 * @Module({ providers: [FactsProjection] })
 * export class StatusModule {
 *   constructor(followers: Followers, facts: FactsProjection) {
 *     followers.add(facts);
 *   }
 * }
 * ```
 */
@Injectable()
export class Followers {
  readonly #projections: Projection[] = [];
  readonly #read = new Set<string>();
  #runner: Runner | null = null;

  add(projection: Projection): void {
    this.#projections.push(projection);
  }

  /** Declares that answers of this process are read from that projection's rows, whichever process writes them. */
  dependOn(projection: string): void {
    this.#read.add(projection);
  }

  /** Names of the projections passed to `dependOn`. */
  get dependencies(): ReadonlySet<string> {
    return this.#read;
  }

  all(): readonly Projection[] {
    return this.#projections;
  }

  /** State of the projections that run in this process; empty before `start`. */
  get states(): readonly RunningState[] {
    return this.#runner?.states ?? [];
  }

  get counters(): readonly CounterSource[] {
    return this.#runner?.counters ?? [];
  }

  /** True if this process alone runs them, so that their lag decides its readiness. */
  get areLocal(): boolean {
    return this.#runner !== null && this.#runner.isShared !== true;
  }

  start(makeRunner: (projections: readonly Projection[]) => Runner): void {
    this.#runner = makeRunner(this.#projections);
    this.#runner.start();
  }

  async stop(): Promise<void> {
    await this.#runner?.stop();
  }
}
