// The whole distributed system under load while everything that can happen to it does: what it must answer for then.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertsProjection } from '#alerting';
import { openDatabases, startEmbeddedPostgres, type Databases } from '#database';
import { PostgresEventLog } from '#event-log';
import { PostgresCheckpoints } from '#projection';
import { FactsProjection } from '#status';
import { SeededRandom } from '../../support/seeded-random.js';
import type { Client } from '../../support/client.js';
import { Distributed, type ProcessCounts } from '../../support/distributed.js';
import { eventually } from '../../support/eventually.js';
import { startBrokerBehindProxy } from '../../support/own-broker.js';
import { stopAndRemove } from '../../support/postmaster.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { projectionsDifferingFromLog, verifyLog, type LogCheck } from '../log-check.js';
import { AlertSubscribers, type ReceivedAlerts } from './alert-subscribers.js';
import { keepSending, type Ledger } from './senders.js';
import { ConsumerCounts } from './consumer-counts.js';
import { FaultInjector } from './fault-injector.js';

export type DistributedResult = LogCheck & {
  /** How often each thing was done. */
  readonly done: Readonly<Record<string, number>>;
  /** Reports that were repeated and answered with another position than at first. */
  readonly answeredDifferently: number;
  readonly unexpectedAnswers: readonly string[];
  /** Projections whose rows are not those that the log gives. */
  readonly differingProjections: readonly string[];
  readonly alerts: number;
  /** Alerts that never came to the webhook, or to the stream. */
  readonly undelivered: number;
  readonly unstreamed: number;
  /** Alerts that first came after one with a later position. */
  readonly outOfOrder: number;
  /** Exit codes other than 0 of those that were stopped in order at the end. */
  readonly badExits: number;
  /** What the consumers met and put right. */
  readonly met: Readonly<Record<string, number>>;
};

export type KillDistributedOptions = {
  readonly seed: number;
  readonly folder: string;
  readonly minutes: number;
  readonly sleepMs: number;
};

const CREW: ProcessCounts = { api: 2, relay: 2, projector: 3, alerter: 2 };
const SENDERS = 4;
const SENDER_PAUSE_MS = 80;
const PARTITIONS = 6;
const TOPIC = 'barada.events';
const QUIET_MS = 3_000;
const PATIENCE_MS = 120_000;
const ALERT_HORIZON_DAYS = 30;

export async function killDistributed(
  killing: KillDistributedOptions,
  say: (line: string) => void,
): Promise<DistributedResult> {
  const random = new SeededRandom(killing.seed);
  const postgres = await startEmbeddedPostgres({ dir: killing.folder });
  const cable = await TcpProxy.to(postgres.port);
  const { broker, proxy: kafka } = await startBrokerBehindProxy();
  const databaseUrl = postgres.url.replace(`:${postgres.port}/`, `:${cable.port}/`);
  const place = { databaseUrl, brokers: broker.brokers, topic: TOPIC, partitions: PARTITIONS };
  const system = await Distributed.open({ ...place, folder: join(killing.folder, 'keys') });
  const databases = openDatabases(postgres.url, { applicationName: 'the judge', connections: 2 });
  try {
    await system.start(CREW);
    const stage = { system, topic: TOPIC, broker, kafka, postgres: cable, sql: databases.analysis };
    const scene = { system, databases, random, say, killing };
    return await play(scene, (consumerCounts) => new FaultInjector({ ...stage, consumerCounts }, killing.sleepMs));
  } finally {
    await system.killAll();
    await databases.close();
    await broker.discard();
    await kafka.close();
    await cable.close();
    await postgres.stop();
    await stopAndRemove(killing.folder);
  }
}

type RunContext = {
  readonly system: Distributed;
  readonly databases: Databases;
  readonly random: SeededRandom;
  readonly say: (line: string) => void;
  readonly killing: KillDistributedOptions;
};

async function play(
  scene: RunContext,
  troublesOf: (consumerCounts: ConsumerCounts) => FaultInjector,
): Promise<DistributedResult> {
  const { system, databases, random, say, killing } = scene;
  const clients = (): Promise<readonly Client[]> =>
    Promise.all(system.running('api').map((_, which) => system.client(which)));
  const consumerCounts = new ConsumerCounts();
  const subscribers = new AlertSubscribers(clients);
  await subscribers.start(random.uuid());
  const ledger: Ledger = { positions: new Map(), answeredDifferently: 0, unexpectedAnswers: new Set() };
  const stopping = new AbortController();
  const sending = Promise.all(
    Array.from({ length: SENDERS }, (_, which) => {
      const own = new SeededRandom(killing.seed + which + 1);
      return keepSending({ random: own, clients, ledger, pauseMs: SENDER_PAUSE_MS }, stopping.signal);
    }),
  );
  const troubles = troublesOf(consumerCounts);
  await troubles.injectFor(killing.minutes * 60_000, random, (line) => {
    say(`${line}; ${ledger.positions.size} acknowledged`);
  });
  stopping.abort();
  await sending;
  say('no more trouble, no more reports: waiting until all is told');
  await waitUntilIdle(databases);
  const alerts = await alertsIn(databases);
  const isTold = (): boolean =>
    [subscribers.called, subscribers.streamed].every(({ positions }) => positions.length >= alerts.length);
  await eventually(() => {
    if (!isTold()) throw new Error('not all alerts are told');
  }, PATIENCE_MS).catch(() => undefined);
  for (const [app, running] of system.processes) await consumerCounts.ask(app, running);
  await subscribers.stop();
  const exits = await system.stop();
  return evaluate({ databases, ledger, consumerCounts, alerts, subscribers, done: troubles.done, exits });
}

type Evidence = {
  readonly databases: Databases;
  readonly ledger: Ledger;
  readonly consumerCounts: ConsumerCounts;
  readonly alerts: readonly number[];
  readonly subscribers: AlertSubscribers;
  readonly done: Readonly<Record<string, number>>;
  readonly exits: readonly (number | null)[];
};

async function evaluate({
  databases,
  ledger,
  consumerCounts,
  alerts,
  subscribers,
  done,
  exits,
}: Evidence): Promise<DistributedResult> {
  const { called, streamed } = subscribers;
  const acknowledged = [...ledger.positions].map(([id, position]) => ({
    stream: `report-${id}`,
    version: 1,
    position,
  }));
  const log = new PostgresEventLog(databases);
  const projections = [new FactsProjection(), new AlertsProjection(ALERT_HORIZON_DAYS)];
  const judgement = {
    ...(await verifyLog(databases.analysis, acknowledged)),
    done,
    answeredDifferently: ledger.answeredDifferently,
    unexpectedAnswers: [...ledger.unexpectedAnswers],
    alerts: alerts.length,
    undelivered: alerts.filter((position) => !called.positions.includes(position)).length,
    unstreamed: alerts.filter((position) => !streamed.positions.includes(position)).length,
    outOfOrder: inversions(called) + inversions(streamed),
    badExits: exits.filter((code) => code !== 0).length,
    met: { ...consumerCounts.counts, 'calls repeated': called.repeated },
    differingProjections: await projectionsDifferingFromLog(projections, { log, databases }),
  };
  await log.close();
  return judgement;
}

/** Until nothing new happens and everything that happened is in the read models. */
async function waitUntilIdle(databases: Databases): Promise<void> {
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  let [head, since] = [0, Date.now()];
  await eventually(async () => {
    const proofs = await checkpoints.progress();
    const now = Math.max(...proofs.map(({ position, lag }) => position + lag));
    if (now !== head) [head, since] = [now, Date.now()];
    const behind = proofs.filter(({ lag }) => lag > 0).map(({ projection, lag }) => `${projection} by ${lag}`);
    if (behind.length > 0) throw new Error(`behind: ${behind.join(', ')}`);
    if (Date.now() - since < QUIET_MS) throw new Error('it is still telling itself news');
    await sleep(QUIET_MS / 10);
  }, PATIENCE_MS);
}

async function alertsIn(databases: Databases): Promise<readonly number[]> {
  const rows = await databases.analysis<{ position: number }[]>`select position from alert order by position`;
  return rows.map(({ position }) => position);
}

function inversions({ positions }: ReceivedAlerts): number {
  return positions.filter((position, index) => position < (positions[index - 1] ?? 0)).length;
}
