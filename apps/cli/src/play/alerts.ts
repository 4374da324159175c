// Prints alerts as they arrive, while the scenario is played.
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Client, User } from '../client.js';
import { Failure } from '../failure.js';

/** `line`: the alert as one line of text. */
export type OnAlert = (type: string, line: string) => void;

const LISTENER: User = { sub: 'listener', roles: ['subscriber'] };

/** Follows the alerts of a region and the regions inside it from now on, until aborted. `onAlert` gets each one. */
export async function listenForAlerts(
  client: Client,
  region: string,
  onAlert: OnAlert,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const authorization = `Bearer ${await client.tokenOf(LISTENER)}`;
  const response = await fetch(new URL(`/v1/alerts/stream?region=${region}`, client.url), {
    headers: { authorization },
    signal,
  });
  if (!response.ok || response.body === null) throw new Failure(`The alert stream answered ${response.status}.`);
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  return { ended: readAlerts(events, onAlert, signal) };
}

async function readAlerts(
  events: AsyncIterable<{ readonly event?: string | undefined; readonly data: string }>,
  onAlert: OnAlert,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { event, data } of events) {
      const alert = JSON.parse(data) as { readonly region: string; readonly summary: { readonly en: string } };
      onAlert(event ?? '', `ALERT ${event ?? ''} ${alert.region}: ${alert.summary.en}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
