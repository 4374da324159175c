// Sends a file of thousands of reports in one request to the standalone app in its own process.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { SeededRandom } from '../support/seeded-random.js';
import type { LineAnswer } from '../support/client.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { newFolder } from '../support/folder.js';
import { randomReport } from '../support/random-reports.js';
import type { TestUser } from '../support/running-app.js';
import { startStandalone, type StandaloneProcess } from '../support/standalone.js';

const MONITOR: TestUser = { handle: 'post-7', organisation: 'observatory', roles: ['monitor'] };
// BULK_LINES=20000 or more is the long run.
const LINES = Number(process.env['BULK_LINES'] ?? 20_000);
const MALFORMED = 100;
const TIMEOUT_MS = 120_000 + LINES * 2;

let folder: string;
let database: TestDatabase;
let barada: StandaloneProcess;
let seed: number;
beforeAll(async () => {
  folder = await newFolder('bulk');
  database = await openTestDatabase();
  barada = await startStandalone(folder, { DATABASE_URL: database.url });
  ({ seed } = SeededRandom.forSpec('bulk'));
}, TIMEOUT_MS);
afterAll(async () => {
  await barada.stop();
  await database.drop();
  await rm(folder, { recursive: true });
}, TIMEOUT_MS);

/** The same lines each time, generated while they are sent, so that only the app's memory can grow. */
function* file(): Generator<string, void> {
  const random = new SeededRandom(seed);
  for (let line = 1; line <= LINES; line += 1) yield `${JSON.stringify(randomReport(random))}\n`;
}

const SPOILERS: readonly ((line: string) => string)[] = [
  (line) => `${line.slice(0, line.length / 2)}\n`,
  (line) => line.replace('"type":', '"colour":"red","type":'),
  (line) => line.replace(/"id":"[^"]+"/, '"id":"seven"'),
  (line) => line.replace(/"means":"[^"]+"/, '"means":"dreamt"'),
  () => '[]\n',
];

/** New lines with invalid ones at regular intervals. */
function* fileWithBadLines(): Generator<string, void> {
  const random = new SeededRandom(seed + 1);
  for (let line = 1; line <= 2 * MALFORMED; line += 1) {
    const good = `${JSON.stringify(randomReport(random))}\n`;
    yield line % 2 === 1 ? good : (SPOILERS[(line / 2) % SPOILERS.length]?.(good) ?? good);
  }
}

/** Events from users; the status watch may still append announcements. */
async function reportedEvents(): Promise<number> {
  const [row] = await database.databases.analysis<{ events: number }[]>`
    select count(*) as events from events where type in ('ReportSubmitted', 'IncidentOpened')`;
  return row?.events ?? 0;
}

/** Counts the answers by status, and checks that they are in the order of the lines. */
async function counted(answers: AsyncIterable<LineAnswer>): Promise<object> {
  const statuses: Record<string, number> = {};
  let line = 0;
  let outOfPlace = 0;
  for await (const answer of answers) {
    line += 1;
    if (answer.line !== line) outOfPlace += 1;
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  }
  return { statuses, outOfPlace };
}

function printRate(what: string, startedAt: number): void {
  const seconds = (performance.now() - startedAt) / 1000;
  const peak = barada.peakMiB();
  process.stdout.write(
    `bulk: ${LINES} lines ${what} in ${seconds.toFixed(1)} s, ${Math.round(LINES / seconds)} lines/s, ` +
      `peak memory ${peak === null ? 'unknown' : `${peak} MiB`}\n`,
  );
}

describe('A file of many reports', () => {
  it(
    'is accepted in one request, with one answer per line in order',
    async () => {
      const startedAt = performance.now();
      expect(await counted(barada.client.bulk(file(), MONITOR))).toEqual({
        statuses: { accepted: LINES },
        outOfPlace: 0,
      });
      printRate('accepted', startedAt);
    },
    TIMEOUT_MS,
  );

  it(
    'changes nothing when it is sent again, and every line is answered as a duplicate',
    async () => {
      const reports = await reportedEvents();
      const startedAt = performance.now();
      expect(await counted(barada.client.bulk(file(), MONITOR))).toEqual({
        statuses: { duplicate: LINES },
        outOfPlace: 0,
      });
      printRate('repeated', startedAt);
      expect(await reportedEvents()).toBe(reports);
    },
    TIMEOUT_MS,
  );

  it(
    'stores valid lines although others are invalid, and names each invalid one',
    async () => {
      const answers: LineAnswer[] = [];
      for await (const answer of barada.client.bulk(fileWithBadLines(), MONITOR)) answers.push(answer);
      expect(answers.map(({ line }) => line)).toEqual(answers.map((_, index) => index + 1));
      const [good, bad] = [0, 1].map((parity) => answers.filter(({ line }) => (line + 1) % 2 === parity));
      expect(new Set(good?.map(({ status }) => status))).toEqual(new Set(['accepted']));
      expect(bad).toHaveLength(MALFORMED);
      for (const answer of bad ?? []) {
        expect(answer).toMatchObject({ status: 'malformed', problem: { status: 400, detail: expect.any(String) } });
      }
    },
    TIMEOUT_MS,
  );

  it(
    'is answered while it is still being sent',
    async () => {
      let isAnswered = (): void => undefined;
      const answered = new Promise<void>((resolve) => {
        isAnswered = resolve;
      });
      const random = new SeededRandom(seed + 2);
      async function* patientFile(): AsyncGenerator<string, void> {
        yield `${JSON.stringify(randomReport(random))}\n`;
        await answered;
        yield `${JSON.stringify(randomReport(random))}\n`;
      }
      const statuses: string[] = [];
      for await (const { status } of barada.client.bulk(patientFile(), MONITOR)) {
        statuses.push(status);
        isAnswered();
      }
      expect(statuses).toEqual(['accepted', 'accepted']);
    },
    TIMEOUT_MS,
  );
});
