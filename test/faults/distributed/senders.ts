// Monitors with bad connections: each sends reports to a random api process and retries until acknowledged.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../support/seeded-random.js';
import { randomReport, type ReportBody } from '../../support/random-reports.js';
import type { Client } from '../../support/client.js';
import type { ApiResponse, TestUser } from '../../support/running-app.js';

const MONITOR: TestUser = { handle: 'post-7', organisation: 'observatory', roles: ['monitor'] };
const RETRY_MS = 200;
const ANSWER_MS = 60_000;
const RECENT_MS = 3 * 86_400_000;

export type Ledger = {
  /** Acknowledged reports with their positions. */
  readonly positions: Map<string, number>;
  /** Reports that were acknowledged again with another position. */
  answeredDifferently: number;
  /** Errors that no client should ever see. */
  readonly unexpectedAnswers: Set<string>;
};

export type Sending = {
  readonly random: SeededRandom;
  /** Clients of the api processes that are running now. */
  readonly clients: () => Promise<readonly Client[]>;
  readonly ledger: Ledger;
  readonly pauseMs: number;
};

/** Sends until `signal` aborts. A report that was sent by then is still retried until acknowledged. */
export async function keepSending(sending: Sending, signal: AbortSignal): Promise<void> {
  const { random, pauseMs } = sending;
  while (!signal.aborted) {
    const body = report(random);
    await untilAcknowledged(body, sending);
    // One report in ten is sent again, as by a client that lost the answer.
    if (random.between(1, 10) === 1) await untilAcknowledged(body, sending);
    await sleep(pauseMs);
  }
}

async function untilAcknowledged(body: ReportBody, { random, clients, ledger }: Sending): Promise<void> {
  for (;;) {
    const reachable = await clients();
    const answer = await sent(body, reachable[random.between(0, reachable.length - 1)]);
    if (answer?.status === 201 || answer?.status === 200) {
      note(ledger, body.id, Number(answer.body['position']));
      return;
    }
    if (answer !== null && answer.status !== 503) ledger.unexpectedAnswers.add(JSON.stringify(answer));
    await sleep(RETRY_MS);
  }
}

/** Null if no answer came. */
function sent(body: ReportBody, client: Client | undefined): Promise<ApiResponse | null> {
  const answered = client?.post('/v1/reports', body, MONITOR, AbortSignal.timeout(ANSWER_MS));
  return answered?.catch(() => null) ?? Promise.resolve(null);
}

function note(ledger: Ledger, id: string, position: number): void {
  if ((ledger.positions.get(id) ?? position) !== position) ledger.answeredDifferently += 1;
  ledger.positions.set(id, position);
}

/** A report of the last days, so that it may raise an alert. */
function report(random: SeededRandom): ReportBody {
  const body = randomReport(random);
  if (body['type'] !== 'violation') return body;
  const from = new Date(Date.now() - random.between(60_000, RECENT_MS)).toISOString();
  return { ...body, occurred: { from, precision: 'hour' } };
}
