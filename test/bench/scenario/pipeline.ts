// The distributed system with separate processes, on a database of the benchmark and its own Kafka.
import { mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { PostgresCheckpoints } from '../../../libs/projection/src/index.js';
import type { Role } from '../../../libs/platform/src/index.js';
import { readLogIdentity } from '../../../libs/event-log/src/index.js';
import { groupOf } from '../../../libs/transport/src/index.js';
import { APPS, Distributed, type App, type ProcessCounts } from '../../support/distributed.js';
import { eventually } from '../../support/eventually.js';
import { startBroker, type Broker } from '../../support/kafka-broker.js';
import { whyNoJars } from '../../support/kafka-jars.js';
import type { Bench, OpenLog } from '../bench.js';
import { cpuSecondsOf } from '../harness/cpu.js';

/** The processes of all pipeline benchmarks. */
export const PROCESSES: ProcessCounts = { api: 2, relay: 1, projector: 2, alerter: 1 };
export const PROCESSES_TEXT = '2 api, relay, 2 projectors, alerter, PostgreSQL and Kafka on one machine';
export const PARTITIONS = 6;

/** CPU seconds so far, by app and server. */
export type CpuUsage = Readonly<Record<App | 'PostgreSQL' | 'Kafka', number>>;

const TOPIC = 'barada.bench';
const READY_MS = 120_000;
const GROUP_MS = 60_000;

export class Pipeline {
  readonly checkpoints: PostgresCheckpoints;

  private constructor(
    readonly opened: OpenLog,
    readonly system: Distributed,
    private readonly broker: Broker,
    private readonly pids: Readonly<Record<'PostgreSQL' | 'Kafka', number>>,
  ) {
    this.checkpoints = new PostgresCheckpoints(opened.databases.analysis);
  }

  /** Starts no app yet. The broker runs from jars, like PostgreSQL as a local process, so that /proc shows its CPU time. */
  static async open(bench: Bench, name: string, opened: OpenLog): Promise<Pipeline> {
    const missing = whyNoJars();
    if (missing !== null) throw new Error(`The pipeline benchmarks need Kafka: ${missing}`);
    const folder = join(bench.folder, name);
    mkdirSync(folder, { recursive: true });
    const broker = await startBroker(join(folder, 'broker'));
    try {
      const place = { databaseUrl: opened.url, brokers: broker.brokers, topic: TOPIC, partitions: PARTITIONS, folder };
      const kafka = Number(readFileSync(join(folder, 'broker', 'broker.pid'), 'utf8'));
      const pids = { PostgreSQL: bench.rounds.postmaster, Kafka: kafka };
      return new Pipeline(opened, await Distributed.open(place), broker, pids);
    } catch (error) {
      await broker.discard();
      throw error;
    }
  }

  /** Resolves once all processes are ready. */
  async start(crew: ProcessCounts): Promise<void> {
    await this.system.start(crew);
    await Promise.all(this.system.processes.map(([app, { url }]) => ready(app, url)));
  }

  url(api: number): string {
    const running = this.system.running('api')[api];
    if (!running) throw new Error(`api ${api} is not running`);
    return running.url;
  }

  async token(...roles: Role[]): Promise<string> {
    return (await this.system.client()).token({ handle: 'bench', organisation: 'bench', roles });
  }

  cpuUsage(): CpuUsage {
    const ofApps = APPS.map((app) => [app, cpuSecondsOf(this.system.running(app).map(({ pid }) => pid))] as const);
    return {
      ...(Object.fromEntries(ofApps) as Record<App, number>),
      PostgreSQL: cpuSecondsOf([this.pids.PostgreSQL]),
      Kafka: cpuSecondsOf([this.pids.Kafka]),
    };
  }

  async #groupOf(projection: string): Promise<string> {
    const { generation } = await readLogIdentity(this.opened.databases.analysis);
    return groupOf(TOPIC, projection, generation);
  }

  /** Resolves once the consumer group of the projection has that many members. */
  async waitForMembers(projection: string, members: number): Promise<void> {
    const group = await this.#groupOf(projection);
    await this.#withAdmin((admin) =>
      eventually(async () => {
        const [found] = (await admin.describeGroups([group])).groups;
        if (found?.state === 'Stable' && found.members.length === members) return;
        throw new Error(`${group} has ${found?.members.length ?? 0} members of ${members} (${found?.state ?? 'none'})`);
      }, GROUP_MS),
    );
  }

  /** Deletes the consumer group, so that the next consumer starts at the beginning. The group must have no members. */
  async resetOffsets(projection: string): Promise<void> {
    const group = await this.#groupOf(projection);
    await this.#withAdmin((admin) =>
      eventually(async () => {
        const { groups } = await admin.listGroups();
        if (groups.some(({ groupId }) => groupId === group)) await admin.deleteGroups([group]);
      }, GROUP_MS),
    );
  }

  /** Kills everything that is still running and removes the folder. */
  async close(): Promise<void> {
    try {
      await this.system.killAll();
    } finally {
      await this.broker.discard();
      await rm(this.system.folder, { recursive: true, force: true });
    }
  }

  async #withAdmin(question: (admin: kafkajs.Admin) => Promise<void>): Promise<void> {
    const client = new kafkajs.Kafka({
      clientId: 'bench',
      brokers: [...this.broker.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const admin = client.admin();
    await admin.connect();
    try {
      await question(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

export function cpuUsageBetween(before: CpuUsage, after: CpuUsage): CpuUsage {
  const difference = Object.entries(after).map(([who, seconds]) => [who, seconds - before[who as keyof CpuUsage]]);
  return Object.fromEntries(difference) as CpuUsage;
}

export function total(used: CpuUsage): number {
  return Object.values(used).reduce((sum, seconds) => sum + seconds, 0);
}

async function ready(app: App, url: string): Promise<void> {
  await eventually(async () => {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(READY_MS) });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`the ${app} is not ready: ${text}`);
  }, READY_MS);
}
