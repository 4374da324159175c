// `barada play wadi-barada`: sends the story of the valley to the running system, as its users would have.
import { setTimeout as sleep } from 'node:timers/promises';
import { Argument, Command } from 'commander';
import { VALLEY_RED_LINE } from '#domain';
import { Client, type User } from '../client.js';
import { listenForAlerts, type OnAlert } from '../play/alerts.js';
import { play as playSteps } from '../play/play.js';
import { isHeldWithoutPoints, reasonOf, type Holding } from '../play/reasons.js';
import { OFFICER, redLineIdOf, scenario, SPRINGS_FELL_AT, STORY_FROM, STORY_TO, TRUE_DATES } from '../play/scenario.js';
import { timelineTable, type TimelineSegment } from '../play/table.js';
import { settings } from '../settings.js';

const ANALYST: User = { sub: 'analyst-1', roles: ['analyst'] };
const REGION = 'wadi-barada';
/** Alerts of this governorate and the regions inside it are printed; the calm regions of the story have others. */
const AROUND = 'SY03';
const HOUR_S = 3_600;
// Reports up to a minute in the future are accepted.
const NOT_TOO_EARLY_S = 60;
// How long to wait for the last alerts; the watch announces changes within a moment.
const LAST_ALERTS_MS = 2_000;
// The alert of the red line is what --now is for, so it is waited for longer.
const RED_LINE_TIMEOUT_MS = 20_000;

type Line = { readonly id: string; readonly declaredBy: string; readonly text: string; readonly status: string };

export function play(): Command {
  return new Command('play')
    .description('send a scenario through the API as its users')
    .addArgument(new Argument('<scenario>', 'the offensive of January 2017').choices([REGION]))
    .option('--now', 'shift the dates so that the springs fall in this hour, and print alerts as they arrive')
    .action(async (_: string, options: { readonly now?: boolean }) => {
      const client = await Client.open(settings());
      await (options.now === true ? playNow(client) : playTrueDates(client));
    });
}

async function playTrueDates(client: Client): Promise<void> {
  await playUntil(client, 0, Infinity);
}

async function playNow(client: Client): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  const shift = Math.floor(now / HOUR_S) * HOUR_S - SPRINGS_FELL_AT;
  const { position: before } = (await client.send(ANALYST, '/v1/status')).body as { readonly position: number };
  await withdrawEarlierLines(client, shift);
  const enough = new AbortController();
  const redLineMet = Promise.withResolvers<null>();
  const onAlert: OnAlert = (type, line) => {
    print(line);
    if (type === 'red_line_met') redLineMet.resolve(null);
  };
  const { ended } = await listenForAlerts(client, AROUND, onAlert, enough.signal);
  const last = await playUntil(client, shift, now + NOT_TOO_EARLY_S);
  // Playing the same hour again adds nothing, so no alert follows.
  if (last > before) await Promise.race([redLineMet.promise, sleep(RED_LINE_TIMEOUT_MS, null, { ref: false })]);
  await sleep(LAST_ALERTS_MS);
  enough.abort();
  await ended;
}

/** The red line of a story that was played with other dates would stay met, and hide the one of this story. */
async function withdrawEarlierLines(client: Client, shift: number): Promise<void> {
  const { items } = (await client.send(OFFICER, '/v1/red-lines?limit=1000')).body as {
    readonly items: readonly Line[];
  };
  const { declaredBy, text } = VALLEY_RED_LINE;
  const earlier = items.filter(
    (line) => line.declaredBy === declaredBy && line.text === text && line.id !== redLineIdOf(shift),
  );
  for (const { id } of earlier.filter(({ status }) => status === 'declared')) {
    const body = { note: 'The story is played again with other dates.' };
    await client.send(OFFICER, `/v1/red-lines/${id}/withdrawal`, { body, ifMatch: '*' });
    print(`The red line of an earlier play (${id}) is withdrawn.`);
  }
}

/** Sends the steps up to `until`, prints the timeline of the valley, and returns the last position. */
async function playUntil(client: Client, shift: number, until: number): Promise<number> {
  const steps = scenario({ ...TRUE_DATES, shift }).filter(({ at }) => at <= until);
  const routine = steps.filter(({ isRoutine }) => isRoutine === true).length;
  let done = 0;
  let last = 0;
  for await (const { step, position } of playSteps(steps, (as, path, body) => client.send(as, path, { body }))) {
    done += 1;
    last = Math.max(last, position);
    const count = `[${String(done).padStart(String(steps.length).length)}/${steps.length}]`;
    if (step.isRoutine !== true || process.stdout.isTTY) progress(`${count} ${step.title}`, done === steps.length);
  }
  print(`${steps.length} steps are sent, ${routine} of them nil reports of calm regions.`);
  const span = `from=${instant(STORY_FROM + shift)}&to=${instant(STORY_TO + shift)}&minPosition=${last}`;
  const { body } = await client.send(ANALYST, `/v1/regions/${REGION}/timeline?${span}`);
  const { segments } = body as { readonly segments: readonly TimelineSegment[] };
  print(`\n${REGION}, lens strict, as known now (position ${last}):\n\n${timelineTable(segments)}`);
  await printHeldSegments(client, segments);
  return last;
}

/** Says what holds a status without points: an episode, a red line, or rule 8. */
async function printHeldSegments(client: Client, segments: readonly TimelineSegment[]): Promise<void> {
  for (const { from, status } of segments.filter(isHeldWithoutPoints)) {
    const at = encodeURIComponent(from ?? '');
    const { body } = await client.send(ANALYST, `/v1/regions/${REGION}/status?at=${at}`);
    const { why } = body as { readonly why: Holding };
    print(`From ${from ?? ''} on, ${status} is held without points by ${reasonOf(why)}.`);
  }
}

/** One line that is redrawn on a terminal, elsewhere a line per step. */
function progress(line: string, isLast: boolean): void {
  if (!process.stdout.isTTY) console.log(line);
  else process.stdout.write(`\r\u001b[K${line.slice(0, process.stdout.columns - 1)}${isLast ? '\n' : ''}`);
}

function print(line: string): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
  console.log(line);
}

function instant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
