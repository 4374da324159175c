// The only HTTP client that calls subscribers: no redirects, no private addresses, no unbounded answers.
import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { isAddress, type AddressGuard } from './address-guard.js';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 15_000;
// Only the status and a few headers of the answer are used.
const ANSWER_BYTES_MAX = 65_536;

export type Call = {
  readonly url: string;
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type WebhookAnswer = {
  readonly kind: 'answered';
  readonly status: number;
  /** Lower-case names; of a repeated header the first. */
  readonly header: (name: string) => string | null;
};
/** `error` is a short text of our own that may be shown to the subscription's owner. */
export type Unreached = { readonly kind: 'unreached'; readonly error: string };
export type CallOutcome = WebhookAnswer | Unreached;

export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

export class WebhookClient {
  readonly #agent: Agent;

  constructor(private readonly guard: AddressGuard) {
    this.#agent = new Agent({
      connect: guardedConnector(guard),
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
  }

  /** Throws RefusedAddress where the URL's host has no address, or none that may be called. */
  async check(url: URL): Promise<void> {
    await new Promise<void>((done, fail) => {
      resolvePermitted(this.guard, url.protocol, url.hostname, (error) => {
        if (error) fail(error);
        else done();
      });
    });
  }

  async call({ url, method, headers, body }: Call, stopped: AbortSignal): Promise<CallOutcome> {
    try {
      const answer = await request(url, {
        method,
        headers: { 'user-agent': 'Barada', ...headers },
        body: body ?? null,
        dispatcher: this.#agent,
        signal: AbortSignal.any([stopped, AbortSignal.timeout(CONNECT_TIMEOUT_MS + ANSWER_TIMEOUT_MS)]),
      });
      await answer.body.dump({ limit: ANSWER_BYTES_MAX });
      return { kind: 'answered', status: answer.statusCode, header: (name) => first(answer.headers[name]) };
    } catch (error) {
      return { kind: 'unreached', error: describeError(error) };
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

// The address is checked when the connection is made, on the resolved addresses that are dialled. A name that was
// allowed at registration and points to a private address later (DNS rebinding) is refused here.
function guardedConnector(guard: AddressGuard): buildConnector.connector {
  const dial = (protocol: string): buildConnector.connector =>
    buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(guard, protocol) });
  const dialled = { 'http:': dial('http:'), 'https:': dial('https:') };
  return (options, callback) => {
    // A literal address is dialled without a lookup.
    if (isAddress(options.hostname) && !guard.permits(options.protocol, options.hostname)) {
      callback(new RefusedAddress('the address is one that deliveries may not go to'), null);
      return;
    }
    dialled[options.protocol === 'https:' ? 'https:' : 'http:'](options, callback);
  };
}

function guardedLookup(guard: AddressGuard, protocol: string): LookupFunction {
  return (hostname, options, callback) => {
    resolvePermitted(guard, protocol, hostname, (error, addresses) => {
      const [one] = addresses;
      if (error || !one) callback(error, '', 0);
      else if (options.all) callback(null, [...addresses]);
      else callback(null, one.address, one.family);
    });
  };
}

type Resolved = (error: Error | null, addresses: readonly LookupAddress[]) => void;

function resolvePermitted(guard: AddressGuard, protocol: string, hostname: string, callback: Resolved): void {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  resolve(host, { all: true }, (error, addresses) => {
    if (error) {
      callback(new RefusedAddress('the host has no address'), []);
      return;
    }
    const allowed = addresses.filter(({ address }) => guard.permits(protocol, address));
    if (allowed.length > 0) callback(null, allowed);
    else callback(new RefusedAddress('the host has only addresses that deliveries may not go to'), []);
  });
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

// A text of our own: the text of the error could reveal details of our network.
function describeError(error: unknown): string {
  if (error instanceof RefusedAddress) return error.message;
  const [name, code] = [textOf(error, 'name'), textOf(error, 'code')];
  if (name === 'TimeoutError' || code.includes('TIMEOUT')) return 'no answer in time';
  if (name === 'AbortError') return 'the call was aborted by a shutdown';
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (/CERT|TLS|SSL|ALTNAME|SELF_SIGNED/.test(code)) return 'the TLS certificate is not trusted';
  return 'the connection failed';
}

// Not `instanceof Error`: errors of the runtime may come from another realm (jest's VM contexts).
function textOf(error: unknown, member: 'name' | 'code'): string {
  const found = (error as Readonly<Record<string, unknown>> | null)?.[member];
  return typeof found === 'string' ? found : '';
}
