// Registry of health sources, which the platform and the features add.
import { Injectable } from '@nestjs/common';
import type { Json } from '#event-log';

export type HealthResult = {
  /** One sentence why reports cannot be accepted or status cannot be served; null if both work. */
  readonly notReady: string | null;
  /** Its part of `/health/status`, under its name. Public: no secrets, no handles. */
  readonly details: Json;
};

export abstract class HealthSource {
  abstract readonly name: string;
  /** A rejection counts as not ready; its message is logged, not shown. */
  abstract check(): Promise<HealthResult>;
}

/** A feature adds its source in the constructor of its module: `health.add(source)`. */
@Injectable()
export class Health {
  readonly #sources: HealthSource[] = [];

  add(source: HealthSource): void {
    this.#sources.push(source);
  }

  all(): readonly HealthSource[] {
    return this.#sources;
  }
}
