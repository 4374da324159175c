// Proof of ownership: asks the receiver whether it accepts our calls (CloudEvents, HTTP 1.1 Web Hooks, section 4).
import type { CallOutcome, WebhookClient } from './webhook-client.js';

const OK_MIN = 200;
const OK_END = 300;

export type HandshakeOutcome =
  { readonly kind: 'agreed' } | { readonly kind: 'not_agreed'; readonly error: string; readonly outcome: CallOutcome };

/** `origin`: sent as WebHook-Request-Origin. */
export async function requestHandshake(
  client: WebhookClient,
  url: string,
  origin: string,
  stopped: AbortSignal,
): Promise<HandshakeOutcome> {
  const headers = { 'webhook-request-origin': origin };
  const outcome = await client.call({ url, method: 'OPTIONS', headers }, stopped);
  const error = refusalOf(outcome, origin);
  return error === null ? { kind: 'agreed' } : { kind: 'not_agreed', error, outcome };
}

function refusalOf(outcome: CallOutcome, origin: string): string | null {
  if (outcome.kind === 'unreached') return outcome.error;
  if (outcome.status < OK_MIN || outcome.status >= OK_END) return `OPTIONS was answered with ${String(outcome.status)}`;
  const allowed = outcome.header('webhook-allowed-origin');
  if (allowed === null) return 'the answer to OPTIONS has no WebHook-Allowed-Origin';
  const named = allowed.split(',').map((name) => name.trim().toLowerCase());
  if (named.includes('*') || named.includes(origin.toLowerCase())) return null;
  return `WebHook-Allowed-Origin does not name ${origin}`;
}
