// Prints alerts as they arrive, while something else goes on.
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Client, User } from '../client.js';
import { Failure } from '../failure.js';

const LISTENER: User = { sub: 'listener', roles: ['subscriber'] };

/** Listens from now on until aborted, to what concerns a region or anything inside it; `heard` gets a line an alert. */
export async function listenForAlerts(
  client: Client,
  region: string,
  heard: (line: string) => void,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const authorization = `Bearer ${await client.tokenOf(LISTENER)}`;
  const response = await fetch(new URL(`/v1/alerts/stream?region=${region}`, client.url), {
    headers: { authorization },
    signal,
  });
  if (!response.ok || response.body === null) throw new Failure(`The stream of alerts answers ${response.status}.`);
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  return { ended: printAlerts(events, heard, signal) };
}

async function printAlerts(
  events: AsyncIterable<{ readonly event?: string | undefined; readonly data: string }>,
  heard: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { event, data } of events) {
      const alert = JSON.parse(data) as { readonly region: string; readonly summary: { readonly en: string } };
      heard(`ALERT ${event ?? ''} ${alert.region}: ${alert.summary.en}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
