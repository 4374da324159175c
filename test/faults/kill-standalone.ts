// Kills the standalone app with kill -9 at random moments while reports stream in, and starts it again on its folder.
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertsProjection } from '#alerting';
import { openDatabases, startEmbeddedPostgres } from '#database';
import { PostgresEventLog } from '#event-log';
import { FactsProjection } from '#status';
import { SeededRandom } from '../support/seeded-random.js';
import type { Client, LineAnswer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { randomReport, type ReportBody } from '../support/random-reports.js';
import { stopAndRemove, killPostmaster } from '../support/postmaster.js';
import type { TestUser } from '../support/running-app.js';
import { startStandalone, type StandaloneProcess } from '../support/standalone.js';
import { projectionsDifferingFromLog, verifyLog, type Acknowledged, type LogCheck } from './log-check.js';

const MONITOR: TestUser = { handle: 'post-7', organisation: 'observatory', roles: ['monitor'] };
const ANALYST: TestUser = { handle: 'analyst-1', roles: ['analyst'] };
const SINGLE_SENDERS = 4;
const LOAD_MS_MAX = 1_500;
const AHEAD_MAX = 200;
const PAUSE_MS = 5;
const TIMEOUT_MS = 60_000;
// PostgreSQL is killed too in every third round.
const BOTH_EVERY = 3;
const ALERT_HORIZON_DAYS = 30;
const OUTLIVED = /killed while its PostgreSQL kept running/;
const CRASHED = /PostgreSQL were killed: PostgreSQL has recovered/;

export type ProcessKillResult = LogCheck & {
  readonly kills: number;
  /** Reports that were repeated after a restart and got another position than the first time. */
  readonly answeredDifferently: number;
  /** Starts after a kill that did not log the recovery. */
  readonly silentStarts: number;
  readonly differingProjections: readonly string[];
  /** True if the status is the same before and after a rebuild of the read models. */
  readonly sameStatus: boolean;
};

type Ledger = {
  readonly positions: Map<string, number>;
  /** Sent, but not answered. */
  readonly open: Map<string, ReportBody>;
  answeredDifferently: number;
};

export type KillOptions = { readonly kills: number; readonly seed: number; readonly folder: string };

export async function killStandalone(
  { kills, seed, folder }: KillOptions,
  print: (line: string) => void,
): Promise<ProcessKillResult> {
  const random = new SeededRandom(seed);
  const ledger: Ledger = { positions: new Map(), open: new Map(), answeredDifferently: 0 };
  let silentStarts = 0;
  let running = await startStandalone(folder);
  try {
    for (let round = 1; round <= kills; round += 1) {
      const both = round % BOTH_EVERY === 0;
      await loadAndKill(running, ledger, random);
      if (both) await killPostmaster(folder);
      const { size } = ledger.open;
      running = await startStandalone(folder);
      if (!(both ? CRASHED : OUTLIVED).test(running.output())) silentStarts += 1;
      await repeat(running.client, ledger, random);
      print(
        `kill ${round}: the app${both ? ' and PostgreSQL' : ''}; ${size} to repeat; ${ledger.positions.size} acknowledged`,
      );
    }
    const before = await statuses(running.client, highest(ledger));
    await running.stop();
    const checked = await checkFolder(folder, acknowledgedIn(ledger));
    running = await startStandalone(folder);
    const sameStatus = (await statuses(running.client, highest(ledger))) === before;
    await running.stop();
    return { ...checked, kills, answeredDifferently: ledger.answeredDifferently, silentStarts, sameStatus };
  } finally {
    await running.kill();
    await stopAndRemove(folder);
  }
}

/** One bulk sender and a few single senders, interrupted by the kill. */
async function loadAndKill({ client, kill }: StandaloneProcess, ledger: Ledger, random: SeededRandom): Promise<void> {
  let going = true;
  const before = ledger.positions.size;
  async function* lines(): AsyncGenerator<string, void> {
    while (going) {
      // Otherwise most reports to repeat would be unread data in socket buffers.
      if (ledger.open.size > AHEAD_MAX) {
        await sleep(PAUSE_MS);
        continue;
      }
      const body = randomReport(random);
      ledger.open.set(body.id, body);
      yield `${JSON.stringify(body)}\n`;
    }
  }
  const senders = [
    takeAnswers(client.bulk(lines(), MONITOR), ledger),
    ...Array.from({ length: SINGLE_SENDERS }, async () => {
      while (going) await sendOne(client, randomReport(random), ledger);
    }),
  ];
  // The senders are expected to fail.
  const ended = Promise.allSettled(senders);
  await eventually(() => {
    if (ledger.positions.size === before) throw new Error('no report has been acknowledged');
  }, TIMEOUT_MS);
  await sleep(random.between(0, LOAD_MS_MAX));
  await kill();
  going = false;
  await ended;
}

async function sendOne(client: Client, body: ReportBody, ledger: Ledger): Promise<void> {
  ledger.open.set(body.id, body);
  const answer = await client.post('/v1/reports', body, MONITOR);
  if (answer.status === 201 || answer.status === 200) note(ledger, body.id, Number(answer.body['position']));
}

async function takeAnswers(answers: AsyncIterable<LineAnswer>, ledger: Ledger): Promise<void> {
  for await (const { id, position } of answers) {
    if (id !== null && position !== undefined) note(ledger, id, position);
  }
}

function note(ledger: Ledger, id: string, position: number): void {
  const first = ledger.positions.get(id);
  if (first !== undefined && first !== position) ledger.answeredDifferently += 1;
  ledger.positions.set(id, position);
  ledger.open.delete(id);
}

/** Sends unanswered reports again, and one report twice, which must get the same answer. */
async function repeat(client: Client, ledger: Ledger, random: SeededRandom): Promise<void> {
  const again = randomReport(random);
  for (let time = 1; time <= 2; time += 1) await sendOne(client, again, ledger);
  const lines = [...ledger.open.values()].map((body) => `${JSON.stringify(body)}\n`);
  if (lines.length > 0) await takeAnswers(client.bulk(lines, MONITOR), ledger);
  if (ledger.open.size > 0) throw new Error(`${ledger.open.size} reports have no answer`);
}

function acknowledgedIn(ledger: Ledger): readonly Acknowledged[] {
  return [...ledger.positions].map(([id, position]) => ({ stream: `report-${id}`, version: 1, position }));
}

function highest(ledger: Ledger): number {
  return Math.max(...ledger.positions.values());
}

/** The status of all regions on a day in the middle of the data, with everything that was acknowledged. */
async function statuses(client: Client, position: number): Promise<string> {
  return eventually(async () => {
    const path = `/v1/status?at=2017-01-16T12:00:00Z&minPosition=${position}`;
    const { status, body } = await client.get(path, ANALYST);
    if (status !== 200) throw new Error(`GET /v1/status returned ${status}: ${String(body['detail'])}`);
    return JSON.stringify(body['regions']);
  }, TIMEOUT_MS);
}

async function checkFolder(
  folder: string,
  acknowledged: readonly Acknowledged[],
): Promise<LogCheck & { readonly differingProjections: readonly string[] }> {
  const postgres = await startEmbeddedPostgres({ dir: folder });
  const databases = openDatabases(postgres.url, { applicationName: 'check', connections: 2 });
  const log = new PostgresEventLog(databases);
  try {
    const check = await verifyLog(databases.analysis, acknowledged);
    const projections = [new FactsProjection(), new AlertsProjection(ALERT_HORIZON_DAYS)];
    return { ...check, differingProjections: await projectionsDifferingFromLog(projections, { log, databases }) };
  } finally {
    await log.close();
    await databases.close();
    await postgres.stop();
  }
}
