// `barada play wadi-barada`: sends the story of the valley to the running system, as its users would have.
import { setTimeout as sleep } from 'node:timers/promises';
import { Argument, Command } from 'commander';
import { Client, type User } from '../client.js';
import { listenForAlerts } from '../play/alerts.js';
import { play as playSteps } from '../play/play.js';
import { scenario, SPRINGS_FELL_AT, STORY_FROM, STORY_TO, TRUE_DATES } from '../play/scenario.js';
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
  const enough = new AbortController();
  const { ended } = await listenForAlerts(client, AROUND, print, enough.signal);
  await playUntil(client, shift, now + NOT_TOO_EARLY_S);
  await sleep(LAST_ALERTS_MS);
  enough.abort();
  await ended;
}

/** Sends the steps up to `until`, then prints the timeline of the valley. */
async function playUntil(client: Client, shift: number, until: number): Promise<void> {
  const steps = scenario({ ...TRUE_DATES, shift }).filter(({ at }) => at <= until);
  let done = 0;
  let last = 0;
  for await (const { step, position } of playSteps(steps, (as, path, body) => client.send(as, path, { body }))) {
    done += 1;
    last = Math.max(last, position);
    progress(
      `[${String(done).padStart(String(steps.length).length)}/${steps.length}] ${step.title}`,
      done === steps.length,
    );
  }
  const span = `from=${instant(STORY_FROM + shift)}&to=${instant(STORY_TO + shift)}&minPosition=${last}`;
  const { body } = await client.send(ANALYST, `/v1/regions/${REGION}/timeline?${span}`);
  const { segments } = body as { readonly segments: readonly TimelineSegment[] };
  print(`\n${REGION}, lens strict, as known now (position ${last}):\n\n${timelineTable(segments)}`);
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
