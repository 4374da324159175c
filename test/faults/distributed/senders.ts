// Monitors on a bad line: each sends reports to one api or another, again until somebody answers for it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../../support/chance.js';
import { generatedReport, type ReportBody } from '../../support/generated-reports.js';
import type { Client } from '../../support/client.js';
import type { Player } from '../../support/running-app.js';

const MONITOR: Player = { handle: 'post-7', organisation: 'observatory', roles: ['monitor'] };
const RETRY_MS = 200;
const ANSWER_MS = 60_000;
const RECENT_MS = 3 * 86_400_000;

export type Ledger = {
  /** What was acknowledged, with the position that was told. */
  readonly positions: Map<string, number>;
  /** Reports that were acknowledged once more with another position. */
  answeredAnew: number;
  /** Answers that no client should ever get. */
  readonly surprises: Set<string>;
};

export type Sending = {
  readonly chance: Chance;
  /** Those that can be reached just now. */
  readonly clients: () => Promise<readonly Client[]>;
  readonly ledger: Ledger;
  readonly pauseMs: number;
};

/** Until `signal` aborts; what has been begun is brought to an end. */
export async function keepSending({ chance, clients, ledger, pauseMs }: Sending, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const body = report(chance);
    await untilAcknowledged(body, chance, clients, ledger);
    // One in ten is sent once more, as a client does that did not hear the answer.
    if (chance.between(1, 10) === 1) await untilAcknowledged(body, chance, clients, ledger);
    await sleep(pauseMs);
  }
}

// eslint-disable-next-line max-params -- a helper of one caller
async function untilAcknowledged(
  body: ReportBody,
  chance: Chance,
  clients: Sending['clients'],
  ledger: Ledger,
): Promise<void> {
  for (;;) {
    const reachable = await clients();
    const client = reachable[chance.between(0, reachable.length - 1)];
    const answer = await client
      ?.post('/v1/reports', body, MONITOR, AbortSignal.timeout(ANSWER_MS))
      .catch(() => undefined);
    if (answer?.status === 201 || answer?.status === 200) {
      const position = Number(answer.body['position']);
      if ((ledger.positions.get(body.id) ?? position) !== position) ledger.answeredAnew += 1;
      ledger.positions.set(body.id, position);
      return;
    }
    if (answer !== undefined && answer.status !== 503) ledger.surprises.add(JSON.stringify(answer));
    await sleep(RETRY_MS);
  }
}

/** Of the last days, so that it may raise an alert. */
function report(chance: Chance): ReportBody {
  const body = generatedReport(chance);
  if (body['type'] !== 'violation') return body;
  const from = new Date(Date.now() - chance.between(60_000, RECENT_MS)).toISOString();
  return { ...body, occurred: { from, precision: 'hour' } };
}
