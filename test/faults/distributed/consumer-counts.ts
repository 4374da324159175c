// Sums the consumer metrics of all processes, including those that are killed.
import type { AppProcess } from '../../support/process.js';

const COUNTER = /^barada_consumer_anomalies_total\{[^}]*kind="(\w+)"[^}]*\} (\d+)$/gm;
const TIMEOUT_MS = 3_000;

export class ConsumerCounts {
  readonly #counts = new Map<string, number>();

  /** Call once per process, just before it ends: its counters start at 0. */
  async collect(app: string, { url }: AppProcess): Promise<void> {
    if (app === 'api' || app === 'relay') return;
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
    const text = (await answer?.text().catch(() => '')) ?? '';
    for (const [, met = '', count] of text.matchAll(COUNTER)) {
      this.#counts.set(met, (this.#counts.get(met) ?? 0) + Number(count));
    }
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
