// Runs the distributed system under load, injects faults, and checks the outcome.
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
  /** Number of injected faults by kind. */
  readonly injected: Readonly<Record<string, number>>;
  /** Reports that were repeated and got another position than the first time. */
  readonly answeredDifferently: number;
  readonly unexpectedAnswers: readonly string[];
  /** Projections whose rows differ from a rebuild. */
  readonly differingProjections: readonly string[];
  readonly alerts: number;
  /** Alerts that never reached the webhook, or the stream. */
  readonly undelivered: number;
  readonly unstreamed: number;
  /** Alerts that first arrived after one with a later position. */
  readonly outOfOrder: number;
  /** Processes that did not exit with 0 on SIGTERM at the end. */
  readonly badExits: number;
  /** Holes, duplicates and the like that the consumers counted and repaired. */
  readonly consumerCounts: Readonly<Record<string, number>>;
};

export type KillDistributedOptions = {
  readonly seed: number;
  readonly folder: string;
  readonly minutes: number;
  readonly sleepMs: number;
};

const PROCESSES: ProcessCounts = { api: 2, relay: 2, projector: 3, alerter: 2 };
const SENDERS = 4;
const SENDER_PAUSE_MS = 80;
const PARTITIONS = 6;
const TOPIC = 'barada.events';
const IDLE_MS = 3_000;
const TIMEOUT_MS = 120_000;
const ALERT_HORIZON_DAYS = 30;

export async function killDistributed(
  killing: KillDistributedOptions,
  print: (line: string) => void,
): Promise<DistributedResult> {
  const random = new SeededRandom(killing.seed);
  const postgres = await startEmbeddedPostgres({ dir: killing.folder });
  const postgresProxy = await TcpProxy.to(postgres.port);
  const { broker, proxy: kafka } = await startBrokerBehindProxy();
  const databaseUrl = postgres.url.replace(`:${postgres.port}/`, `:${postgresProxy.port}/`);
  const options = { databaseUrl, brokers: broker.brokers, topic: TOPIC, partitions: PARTITIONS };
  const system = await Distributed.open({ ...options, folder: join(killing.folder, 'keys') });
  const databases = openDatabases(postgres.url, { applicationName: 'fault check', connections: 2 });
  try {
    await system.start(PROCESSES);
    const targets = { system, topic: TOPIC, broker, kafka, postgres: postgresProxy, sql: databases.analysis };
    const context = { system, databases, random, print, killing };
    return await runFaults(
      context,
      (consumerCounts) => new FaultInjector({ ...targets, consumerCounts }, killing.sleepMs),
    );
  } finally {
    await system.killAll();
    await databases.close();
    await broker.discard();
    await kafka.close();
    await postgresProxy.close();
    await postgres.stop();
    await stopAndRemove(killing.folder);
  }
}

type RunContext = {
  readonly system: Distributed;
  readonly databases: Databases;
  readonly random: SeededRandom;
  readonly print: (line: string) => void;
  readonly killing: KillDistributedOptions;
};

async function runFaults(
  context: RunContext,
  injectorFor: (consumerCounts: ConsumerCounts) => FaultInjector,
): Promise<DistributedResult> {
  const { system, databases, random, print, killing } = context;
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
  const injector = injectorFor(consumerCounts);
  await injector.injectFor(killing.minutes * 60_000, random, (line) => {
    print(`${line}; ${ledger.positions.size} acknowledged`);
  });
  stopping.abort();
  await sending;
  print('no more faults and reports: waiting until every alert is delivered');
  await waitUntilIdle(databases);
  const alerts = await alertsIn(databases);
  const isDelivered = (): boolean =>
    [subscribers.called, subscribers.streamed].every(({ positions }) => positions.length >= alerts.length);
  await eventually(() => {
    if (!isDelivered()) throw new Error('not all alerts are delivered');
  }, TIMEOUT_MS).catch(() => undefined);
  for (const [app, running] of system.processes) await consumerCounts.collect(app, running);
  await subscribers.stop();
  const exits = await system.stop();
  return evaluate({ databases, ledger, consumerCounts, alerts, subscribers, injected: injector.counts, exits });
}

type Evidence = {
  readonly databases: Databases;
  readonly ledger: Ledger;
  readonly consumerCounts: ConsumerCounts;
  readonly alerts: readonly number[];
  readonly subscribers: AlertSubscribers;
  readonly injected: Readonly<Record<string, number>>;
  readonly exits: readonly (number | null)[];
};

async function evaluate({
  databases,
  ledger,
  consumerCounts,
  alerts,
  subscribers,
  injected,
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
    injected,
    answeredDifferently: ledger.answeredDifferently,
    unexpectedAnswers: [...ledger.unexpectedAnswers],
    alerts: alerts.length,
    undelivered: alerts.filter((position) => !called.positions.includes(position)).length,
    unstreamed: alerts.filter((position) => !streamed.positions.includes(position)).length,
    outOfOrder: inversions(called) + inversions(streamed),
    badExits: exits.filter((code) => code !== 0).length,
    consumerCounts: { ...consumerCounts.counts, 'calls repeated': called.repeated },
    differingProjections: await projectionsDifferingFromLog(projections, { log, databases }),
  };
  await log.close();
  return judgement;
}

/** Waits until no events are appended any more and no projection is lagging. */
async function waitUntilIdle(databases: Databases): Promise<void> {
  const checkpoints = new PostgresCheckpoints(databases.analysis);
  let [head, since] = [0, Date.now()];
  await eventually(async () => {
    const progress = await checkpoints.progress();
    const now = Math.max(...progress.map(({ position, lag }) => position + lag));
    if (now !== head) [head, since] = [now, Date.now()];
    const lagging = progress.filter(({ lag }) => lag > 0).map(({ projection, lag }) => `${projection} by ${lag}`);
    if (lagging.length > 0) throw new Error(`lagging: ${lagging.join(', ')}`);
    if (Date.now() - since < IDLE_MS) throw new Error('events are still being appended');
    await sleep(IDLE_MS / 10);
  }, TIMEOUT_MS);
}

async function alertsIn(databases: Databases): Promise<readonly number[]> {
  const rows = await databases.analysis<{ position: number }[]>`select position from alert order by position`;
  return rows.map(({ position }) => position);
}

function inversions({ positions }: ReceivedAlerts): number {
  return positions.filter((position, index) => position < (positions[index - 1] ?? 0)).length;
}
