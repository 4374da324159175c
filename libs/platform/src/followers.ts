// Features add their projections here while Nest starts; the composition's runner starts them once all are in.
import { Injectable } from '@nestjs/common';
import type { Projection } from '#projection';

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

  add(projection: Projection): void {
    this.#projections.push(projection);
  }

  all(): readonly Projection[] {
    return this.#projections;
  }
}
