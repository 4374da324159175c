// What the health routes know: sources that the platform and the features add.
import { Injectable } from '@nestjs/common';
import type { Json } from '#event-log';

export type HealthResult = {
  /** One sentence on why reports cannot be taken in or status cannot be served; null where they can. */
  readonly notReady: string | null;
  /** Its part of `/health/status`, under its name. Public: no secret, no handle. */
  readonly details: Json;
};

export abstract class HealthSource {
  abstract readonly name: string;
  /** A throw counts as not ready; its message is logged and not shown. */
  abstract check(): Promise<HealthResult>;
}

/** A feature adds its source in its module's constructor: `health.add(source)`. */
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
