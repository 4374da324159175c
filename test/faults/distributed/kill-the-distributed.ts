// The whole distributed system under load while everything that can happen to it does: what it must answer for then.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertsProjection } from '#alerting';
import { openDatabases, startEmbeddedPostgres, type Databases } from '#database';
import { PostgresEventLog } from '#event-log';
import { PostgresCheckpoints } from '#projection';
import { FactsProjection } from '#status';
import { Chance } from '../../support/chance.js';
import type { Client } from '../../support/client.js';
import { Distributed, type Crew } from '../../support/distributed.js';
import { eventually } from '../../support/eventually.js';
import { startBrokerBehindProxy } from '../../support/own-broker.js';
import { clearFolder } from '../../support/postmaster.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { unlikeTheLog, verdictOn, type Verdict } from '../verdict.js';
import { Listeners, type Heard } from './listeners.js';
import { keepSending, type Ledger } from './senders.js';
import { Tally } from './tally.js';
import { Troubles } from './troubles.js';

export type DistributedKilled = Verdict & {
  /** How often each thing was done. */
  readonly done: Readonly<Record<string, number>>;
  /** Reports that were repeated and answered with another position than at first. */
  readonly answeredAnew: number;
  readonly surprises: readonly string[];
  /** Projections whose rows are not those that the log gives. */
  readonly unlike: readonly string[];
  readonly alerts: number;
  /** Alerts that never came to the webhook, or to the stream. */
  readonly undelivered: number;
  readonly unheard: number;
  /** Alerts that first came after one with a later position. */
  readonly outOfOrder: number;
  /** Exit codes other than 0 of those that were stopped in order at the end. */
  readonly badExits: number;
  /** What the consumers met and put right. */
  readonly met: Readonly<Record<string, number>>;
};

export type KillingDistributed = {
  readonly seed: number;
  readonly folder: string;
  readonly minutes: number;
  readonly sleepMs: number;
};

const CREW: Crew = { api: 2, relay: 2, projector: 3, alerter: 2 };
const SENDERS = 4;
const SENDER_PAUSE_MS = 80;
const PARTITIONS = 6;
const TOPIC = 'barada.events';
const QUIET_MS = 3_000;
const PATIENCE_MS = 120_000;
const ALERT_HORIZON_DAYS = 30;

export async function killTheDistributed(
  killing: KillingDistributed,
  say: (line: string) => void,
): Promise<DistributedKilled> {
  const chance = new Chance(killing.seed);
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
    const scene = { system, databases, chance, say, killing };
    return await play(scene, (tally) => new Troubles({ ...stage, tally }, killing.sleepMs));
  } finally {
    await system.killAll();
    await databases.close();
    await broker.discard();
    await kafka.close();
    await cable.close();
    await postgres.stop();
    await clearFolder(killing.folder);
  }
}

type Scene = {
  readonly system: Distributed;
  readonly databases: Databases;
  readonly chance: Chance;
  readonly say: (line: string) => void;
  readonly killing: KillingDistributed;
};

async function play(scene: Scene, troublesOf: (tally: Tally) => Troubles): Promise<DistributedKilled> {
  const { system, databases, chance, say, killing } = scene;
  const clients = (): Promise<readonly Client[]> =>
    Promise.all(system.all('api').map((_, which) => system.client(which)));
  const tally = new Tally();
  const listeners = new Listeners(clients);
  await listeners.start(chance.uuid());
  const ledger: Ledger = { positions: new Map(), answeredAnew: 0, surprises: new Set() };
  const stopping = new AbortController();
  const sending = Promise.all(
    Array.from({ length: SENDERS }, (_, which) => {
      const own = new Chance(killing.seed + which + 1);
      return keepSending({ chance: own, clients, ledger, pauseMs: SENDER_PAUSE_MS }, stopping.signal);
    }),
  );
  const troubles = troublesOf(tally);
  await troubles.makeFor(killing.minutes * 60_000, chance, (line) => {
    say(`${line}; ${ledger.positions.size} acknowledged`);
  });
  stopping.abort();
  await sending;
  say('no more trouble, no more reports: waiting until all is told');
  await untilQuiet(databases);
  const alerts = await alertsIn(databases);
  const isTold = (): boolean =>
    [listeners.called, listeners.streamed].every(({ positions }) => positions.length >= alerts.length);
  await eventually(() => {
    if (!isTold()) throw new Error('not all alerts are told');
  }, PATIENCE_MS).catch(() => undefined);
  for (const [app, running] of system.everybody) await tally.ask(app, running);
  await listeners.stop();
  const exits = await system.stop();
  return judged({ databases, ledger, tally, alerts, listeners, done: troubles.done, exits });
}

type Evidence = {
  readonly databases: Databases;
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly alerts: readonly number[];
  readonly listeners: Listeners;
  readonly done: Readonly<Record<string, number>>;
  readonly exits: readonly (number | null)[];
};

async function judged({
  databases,
  ledger,
  tally,
  alerts,
  listeners,
  done,
  exits,
}: Evidence): Promise<DistributedKilled> {
  const { called, streamed } = listeners;
  const acknowledged = [...ledger.positions].map(([id, position]) => ({
    stream: `report-${id}`,
    version: 1,
    position,
  }));
  const log = new PostgresEventLog(databases);
  const projections = [new FactsProjection(), new AlertsProjection(ALERT_HORIZON_DAYS)];
  const judgement = {
    ...(await verdictOn(databases.analysis, acknowledged)),
    done,
    answeredAnew: ledger.answeredAnew,
    surprises: [...ledger.surprises],
    alerts: alerts.length,
    undelivered: alerts.filter((position) => !called.positions.includes(position)).length,
    unheard: alerts.filter((position) => !streamed.positions.includes(position)).length,
    outOfOrder: inversions(called) + inversions(streamed),
    badExits: exits.filter((code) => code !== 0).length,
    met: { ...tally.counts, 'calls repeated': called.repeated },
    unlike: await unlikeTheLog(projections, { log, databases }),
  };
  await log.close();
  return judgement;
}

/** Until nothing new happens and everything that happened is in the read models. */
async function untilQuiet(databases: Databases): Promise<void> {
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

function inversions({ positions }: Heard): number {
  return positions.filter((position, index) => position < (positions[index - 1] ?? 0)).length;
}
