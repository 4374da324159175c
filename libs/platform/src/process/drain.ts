// Reports a stopping process as not ready before its port closes, so that a load balancer stops sending requests to it.
import { setTimeout as sleep } from 'node:timers/promises';
import { HealthSource, type HealthResult } from '../health/health.js';

export class Drain extends HealthSource {
  override readonly name = 'process';
  #isStopping = false;

  constructor(private readonly milliseconds: number) {
    super();
  }

  override check(): Promise<HealthResult> {
    const notReady = this.#isStopping ? 'The process is stopping.' : null;
    return Promise.resolve({ notReady, details: { stopping: this.#isStopping } });
  }

  /** Resolves when the load balancer has had the time to notice. Until then every request is answered as usual. */
  async start(): Promise<void> {
    this.#isStopping = true;
    await sleep(this.milliseconds);
  }
}
