// What is done to the distributed system, by random: processes killed and put to sleep, a broker restarted, cables cut,
// messages lost, messages sent twice.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '#database';
import type { Position } from '#event-log';
import { resendFrom } from '#projection';
import type { SeededRandom } from '../../support/seeded-random.js';
import { APPS, type App, type Distributed } from '../../support/distributed.js';
import type { Broker } from '../../support/own-broker.js';
import type { AppProcess } from '../../support/process.js';
import type { TcpProxy } from '../../support/tcp-proxy.js';
import { emptied, ends } from './topic-loss.js';
import type { ConsumerCounts } from './consumer-counts.js';

const FAULTS = ['kill', 'kill', 'sleep', 'broker', 'cut kafka', 'cut postgres', 'lose', 'repeat'] as const;
type Fault = (typeof FAULTS)[number];

export type Targets = {
  readonly system: Distributed;
  readonly topic: string;
  readonly broker: Broker;
  readonly kafka: TcpProxy;
  readonly postgres: TcpProxy;
  /** Not through the proxy. */
  readonly sql: Sql;
  /** Asks a process before it is killed: what it counted dies with it. */
  readonly consumerCounts: ConsumerCounts;
};

// What a broker has been asked for and not answered yet, it may still answer to a reader that is stopped.
const ANSWERED_MS = 1_000;
// A relay that has just lost its connections sends nothing for a while.
const NOBODY_READS_MS = 15_000;
const LOOK_MS = 500;
const REPEATED_EVENTS = 200;
const BETWEEN_MS = [1_000, 5_000] as const;
const BEFORE_RESTART_MS = 2_000;

export class FaultInjector {
  readonly #injected = new Map<Fault, number>();
  readonly #paused = new Set<AppProcess>();
  readonly #resuming: Promise<void>[] = [];
  /** Nobody who sleeps wakes while it goes on. */
  #losing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly victims: Targets,
    private readonly sleepMs: number,
  ) {}

  get done(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#injected);
  }

  /** Each of them at least once. Resolves once all processes run and none sleeps any more. */
  async injectFor(milliseconds: number, random: SeededRandom, say: (line: string) => void): Promise<void> {
    const end = Date.now() + milliseconds;
    const first = [...new Set(FAULTS)];
    while (first.length > 0 || Date.now() < end) {
      const trouble = first.shift() ?? random.pick(FAULTS);
      say(await this.#inject(trouble, random));
      this.#injected.set(trouble, (this.#injected.get(trouble) ?? 0) + 1);
      await sleep(random.between(...BETWEEN_MS));
    }
    await Promise.all(this.#resuming);
  }

  async #inject(trouble: Fault, random: SeededRandom): Promise<string> {
    const { system, broker, kafka, postgres, consumerCounts } = this.victims;
    const [app, victim] = this.#oneOf(random);
    switch (trouble) {
      case 'kill':
        await consumerCounts.ask(app, victim);
        await system.kill(app, victim);
        await sleep(random.between(0, BEFORE_RESTART_MS));
        await system.add(app);
        return `kill -9 of ${app} ${victim.pid}`;
      case 'sleep':
        this.#resuming.push(this.#pause(victim));
        return `${app} ${victim.pid} stopped for ${this.sleepMs} ms`;
      case 'broker': {
        const isRough = random.between(1, 2) === 1;
        if (isRough) await broker.kill();
        await broker.restart();
        return `the broker ${isRough ? 'killed and started again' : 'restarted'}`;
      }
      case 'cut kafka':
        kafka.cut();
        return 'all connections to Kafka cut';
      case 'cut postgres':
        postgres.cut();
        return 'all connections to PostgreSQL cut';
      case 'lose':
        return `${await this.#loseMessages()} messages lost that nobody had read`;
      case 'repeat':
        return `everything from position ${await this.#resend()} on sent anew`;
    }
  }

  /** What is sent while nobody can read is taken out of the topic, as a broker does that comes back without its disk. */
  #loseMessages(): Promise<number> {
    const { system } = this.victims;
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
    const { system, topic } = this.victims;
    await sleep(ANSWERED_MS);
    const before = await ends(system.brokers, topic);
    const patience = performance.now() + NOBODY_READS_MS;
    do await sleep(LOOK_MS);
    while ((await ends(system.brokers, topic)) === before && performance.now() < patience);
    return (await emptied(system.brokers, topic)) - before;
  }

  /** As an operator does for somebody else who reads the topic. */
  async #resend(): Promise<Position> {
    const { sql } = this.victims;
    const [feed] = await sql<{ position: Position }[]>`select position from feed`;
    const from = Math.max(0, (feed?.position ?? 0) - REPEATED_EVENTS);
    await resendFrom(from, sql);
    return from + 1;
  }

  /** The others go on meanwhile. */
  async #pause(victim: AppProcess): Promise<void> {
    this.#paused.add(victim);
    victim.pause();
    await sleep(this.sleepMs);
    await this.#losing;
    victim.resume();
    this.#paused.delete(victim);
  }

  /** Of an app of which nobody sleeps, so that somebody is always there. */
  #oneOf(random: SeededRandom): readonly [App, AppProcess] {
    const { system } = this.victims;
    const [some, ...more] = APPS.filter((app) => !system.running(app).some((running) => this.#paused.has(running)));
    if (some === undefined) throw new Error('of every app somebody sleeps: make them sleep for less long');
    const app = random.pick([some, ...more]);
    const crew = system.running(app);
    const victim = crew[random.between(0, crew.length - 1)];
    if (!victim) throw new Error(`no ${app} runs`);
    return [app, victim];
  }
}
