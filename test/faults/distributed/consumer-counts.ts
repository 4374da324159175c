// Adds up what the consumers of all processes met, from their metrics, also of those that are killed.
import type { AppProcess } from '../../support/process.js';

const COUNTER = /^barada_consumer_met_total\{[^}]*what="(\w+)"[^}]*\} (\d+)$/gm;
const PATIENCE_MS = 3_000;

export class ConsumerCounts {
  readonly #counts = new Map<string, number>();

  /** Asked once of each process, at its end: it counts since its start. */
  async ask(app: string, { url }: AppProcess): Promise<void> {
    if (app === 'api' || app === 'relay') return;
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
    const text = (await answer?.text().catch(() => '')) ?? '';
    for (const [, met = '', count] of text.matchAll(COUNTER)) {
      this.#counts.set(met, (this.#counts.get(met) ?? 0) + Number(count));
    }
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
