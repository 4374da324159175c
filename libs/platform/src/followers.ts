// Features add their projections here while Nest starts; the platform runs them once all are in.
import { Injectable } from '@nestjs/common';
import type { FollowerState, Projection } from '#projection';
import type { CounterSource } from './metrics/metric-sources.js';

/** `partitions`: those that are this process's, where several share them. */
export type RunningState = FollowerState & { readonly partitions?: readonly number[] };

/** Runs projections from the log's head on. */
export type Runner = {
  readonly start: () => void;
  /** Resolves once the batches under way are written. */
  readonly stop: () => Promise<void>;
  readonly states: readonly RunningState[];
  /** What it has counted since the process began, for the metrics. */
  readonly counters?: readonly CounterSource[];
  /** True where other processes take part: how a projection fares as a whole is then not this one's to answer for. */
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

  /** What is answered rests on that projection's rows, whoever folds them. */
  dependOn(projection: string): void {
    this.#read.add(projection);
  }

  /** By name. */
  get dependencies(): ReadonlySet<string> {
    return this.#read;
  }

  all(): readonly Projection[] {
    return this.#projections;
  }

  /** How those fare that run in this process; empty before the start. */
  get states(): readonly RunningState[] {
    return this.#runner?.states ?? [];
  }

  get counters(): readonly CounterSource[] {
    return this.#runner?.counters ?? [];
  }

  /** True where this process alone runs them, so that it is to blame where one falls behind. */
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
