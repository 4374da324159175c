// Injects random faults into the distributed system: processes killed and paused, a broker restarted, connections
// reset, messages lost, messages sent twice.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '#database';
import type { Position } from '#event-log';
import { resendFrom } from '#projection';
import type { SeededRandom } from '../../support/seeded-random.js';
import { APPS, type App, type Distributed } from '../../support/distributed.js';
import type { Broker } from '../../support/own-broker.js';
import type { AppProcess } from '../../support/process.js';
import type { TcpProxy } from '../../support/tcp-proxy.js';
import { deleteMessages, messageCount } from './topic-loss.js';
import type { ConsumerCounts } from './consumer-counts.js';

const FAULTS = ['kill', 'kill', 'sleep', 'broker', 'reset kafka', 'reset postgres', 'lose', 'repeat'] as const;
type Fault = (typeof FAULTS)[number];

export type Targets = {
  readonly system: Distributed;
  readonly topic: string;
  readonly broker: Broker;
  readonly kafka: TcpProxy;
  readonly postgres: TcpProxy;
  /** Connects without the proxy. */
  readonly sql: Sql;
  /** Collects a process's counters before it is killed. */
  readonly consumerCounts: ConsumerCounts;
};

// A broker may still answer pending fetches of a reader after it is paused.
const PENDING_FETCHES_MS = 1_000;
// A relay that has just lost its connections sends nothing for a while.
const UNREAD_MESSAGES_TIMEOUT_MS = 15_000;
const POLL_MS = 500;
const REPEATED_EVENTS = 200;
const BETWEEN_MS = [1_000, 5_000] as const;
const BEFORE_RESTART_MS = 2_000;

export class FaultInjector {
  readonly #injected = new Map<Fault, number>();
  readonly #paused = new Set<AppProcess>();
  readonly #pauses = new Set<Promise<void>>();
  /** No paused process resumes while messages are being lost. */
  #losing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly targets: Targets,
    private readonly sleepMs: number,
  ) {}

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#injected);
  }

  /** Injects every kind of fault at least once. Resolves once all processes run again. */
  async injectFor(milliseconds: number, random: SeededRandom, print: (line: string) => void): Promise<void> {
    const end = Date.now() + milliseconds;
    const first = [...new Set(FAULTS)];
    while (first.length > 0 || Date.now() < end) {
      const fault = first.shift() ?? random.pick(FAULTS);
      print(await this.inject(fault, random));
      this.#injected.set(fault, (this.#injected.get(fault) ?? 0) + 1);
      await sleep(random.between(...BETWEEN_MS));
    }
    await Promise.all(this.#pauses);
  }

  /** Returns a line for the log. */
  async inject(fault: Fault, random: SeededRandom): Promise<string> {
    const { system, broker, kafka, postgres, consumerCounts } = this.targets;
    const [app, victim] = await this.pickTarget(random);
    switch (fault) {
      case 'kill':
        await consumerCounts.collect(app, victim);
        await system.kill(app, victim);
        await sleep(random.between(0, BEFORE_RESTART_MS));
        await system.add(app);
        return `kill -9 of ${app} ${victim.pid}`;
      case 'sleep':
        this.#startPause(victim);
        return `${app} ${victim.pid} paused for ${this.sleepMs} ms`;
      case 'broker': {
        const isRough = random.between(1, 2) === 1;
        if (isRough) await broker.kill();
        await broker.restart();
        return `the broker ${isRough ? 'killed and started again' : 'restarted'}`;
      }
      case 'reset kafka':
        kafka.resetAll();
        return 'all connections to Kafka reset';
      case 'reset postgres':
        postgres.resetAll();
        return 'all connections to PostgreSQL reset';
      case 'lose':
        return `${await this.#loseMessages()} unread messages lost`;
      case 'repeat':
        return `everything from position ${await this.#resend()} on sent again`;
    }
  }

  /** Deletes messages that no consumer has read yet, as if a broker had lost its disk. */
  #loseMessages(): Promise<number> {
    const { system } = this.targets;
    const readers = [...system.running('projector'), ...system.running('alerter')].filter(
      (one) => !this.#paused.has(one),
    );
    for (const reader of readers) reader.pause();
    const losing = this.#lost().finally(() => {
      for (const reader of readers) reader.resume();
    });
    this.#losing = losing;
    return losing;
  }

  async #lost(): Promise<number> {
    const { system, topic } = this.targets;
    await sleep(PENDING_FETCHES_MS);
    const before = await messageCount(system.brokers, topic);
    const deadline = performance.now() + UNREAD_MESSAGES_TIMEOUT_MS;
    do await sleep(POLL_MS);
    while ((await messageCount(system.brokers, topic)) === before && performance.now() < deadline);
    return (await deleteMessages(system.brokers, topic)) - before;
  }

  /** What `barada topics resend` does for other consumers of the topic. */
  async #resend(): Promise<Position> {
    const { sql } = this.targets;
    const [feed] = await sql<{ position: Position }[]>`select position from feed`;
    const from = Math.max(0, (feed?.position ?? 0) - REPEATED_EVENTS);
    await resendFrom(from, sql);
    return from + 1;
  }

  /** The other processes keep running meanwhile. */
  #startPause(victim: AppProcess): void {
    const pause = this.#pause(victim).finally(() => this.#pauses.delete(pause));
    this.#pauses.add(pause);
  }

  async #pause(victim: AppProcess): Promise<void> {
    this.#paused.add(victim);
    victim.pause();
    await sleep(this.sleepMs);
    await this.#losing;
    victim.resume();
    this.#paused.delete(victim);
  }

  /**
   * A process of an app of which no process is paused, so that one is always running. If every app has a paused
   * process, waits until one resumes.
   */
  async pickTarget(random: SeededRandom): Promise<readonly [App, AppProcess]> {
    const { system } = this.targets;
    for (;;) {
      const [some, ...more] = APPS.filter((app) => !system.running(app).some((running) => this.#paused.has(running)));
      if (some === undefined) {
        await Promise.race(this.#pauses);
        continue;
      }
      const app = random.pick([some, ...more]);
      const candidates = system.running(app);
      const victim = candidates[random.between(0, candidates.length - 1)];
      if (!victim) throw new Error(`no ${app} process is running`);
      return [app, victim];
    }
  }
}
