// A rebuild in a separate process, as an operator runs it, while reports arrive and the status is read.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, OpenLog } from '../bench.js';
import { startChild } from '../children/child.js';
import type { RebuildQuestion, Rebuilt } from '../children/rebuilder.js';
import { PostgresCheckpoints } from '../../../libs/projection/src/index.js';
import { percentile } from '../harness/statistics.js';
import { reportBody } from '../scenario/reports.js';
import { startStandalone, type Standalone } from '../scenario/standalone.js';
import { regionsOf } from './http-intake.js';

const REPORT_EVERY_MS = 20;
const READ_EVERY_MS = 20;
/** For the followers to catch up with a log that was written by SQL, and for the first read. */
const CATCH_UP_TIMEOUT_MS = 600_000;

export type UnderTraffic = {
  readonly rebuilt: Rebuilt;
  readonly reports: number;
  readonly reads: number;
  readonly readMs99: number;
  /** Requests of both kinds with an unexpected answer. */
  readonly failures: readonly string[];
};

export async function rebuildUnderTraffic(bench: Bench, { url, databases, log }: OpenLog): Promise<UnderTraffic> {
  const standalone = await startStandalone(bench, 'rebuild', url);
  const child = startChild<RebuildQuestion, Rebuilt>('rebuilder');
  try {
    const checkpoints = new PostgresCheckpoints(databases.analysis);
    const { position } = await log.head();
    await checkpoints.isReached('alerts', position, CATCH_UP_TIMEOUT_MS);
    const traffic = await Traffic.towards(standalone);
    await traffic.read();
    traffic.start();
    const rebuilt = await child.request({ url });
    return { rebuilt, ...(await traffic.stop()) };
  } finally {
    await child.stop();
    await standalone.stop();
  }
}

class Traffic {
  readonly #stopping = new AbortController();
  readonly #readMs: number[] = [];
  readonly #failures: string[] = [];
  #reports = 0;
  #loops: readonly Promise<void>[] = [];

  private constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly regions: readonly string[],
  ) {}

  static async towards({ url, token, databaseUrl }: Standalone): Promise<Traffic> {
    const headers = {
      authorization: `Bearer ${await token('monitor', 'analyst')}`,
      'content-type': 'application/json',
    };
    return new Traffic(url, headers, await regionsOf(databaseUrl));
  }

  start(): void {
    this.#readMs.length = 0;
    this.#loops = [this.#every(REPORT_EVERY_MS, () => this.#report()), this.#every(READ_EVERY_MS, () => this.read())];
  }

  async stop(): Promise<Omit<UnderTraffic, 'rebuilt'>> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
    const [reads, readMs99] = [this.#readMs.length, percentile(this.#readMs, 99)];
    return { reports: this.#reports, reads, readMs99, failures: this.#failures };
  }

  async read(): Promise<void> {
    const region = this.regions[this.#readMs.length % this.regions.length] ?? '';
    const began = performance.now();
    await this.#ask(200, `/v1/regions/${region}/status`, { signal: AbortSignal.timeout(CATCH_UP_TIMEOUT_MS) });
    this.#readMs.push(performance.now() - began);
  }

  async #report(): Promise<void> {
    const region = this.regions[this.#reports % this.regions.length] ?? '';
    await this.#ask(201, '/v1/reports', { method: 'POST', body: JSON.stringify(reportBody(region)) });
    this.#reports += 1;
  }

  async #ask(expected: number, path: string, request: RequestInit): Promise<void> {
    try {
      const answer = await fetch(`${this.url}${path}`, { ...request, headers: this.headers });
      const text = await answer.text();
      if (answer.status !== expected) this.#failures.push(`${path}: ${answer.status} ${text.slice(0, 200)}`);
    } catch (error) {
      this.#failures.push(`${path}: ${String(error)}`);
    }
  }

  async #every(milliseconds: number, work: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await work();
      await sleep(milliseconds);
    }
  }
}
