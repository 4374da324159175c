// A webhook endpoint on loopback: accepts the CloudEvents handshake, records requests, and can be down for a while.
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type WebhookResponse = { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export class WebhookReceiver {
  readonly received: Received[] = [];
  /** The WebHook-Allowed-Origin header of the OPTIONS response: an origin, `*`, or null for none. */
  allowedOrigin: string | null = '*';
  answer: (call: Received) => WebhookResponse = () => ({ status: 204 });
  #server: Server | null = null;
  #port = 0;

  /** Listens, on the same port as before if it was up already. */
  async up(): Promise<this> {
    this.#server = createServer((request, response) => {
      void this.#take(request, response);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}/hook`;
  }

  get posts(): readonly Received[] {
    return this.received.filter(({ method }) => method === 'POST');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url: path = '', headers } = request;
    const call = { method, path, headers, body };
    this.received.push(call);
    if (method === 'OPTIONS') {
      const allowed = this.allowedOrigin;
      response.writeHead(200, { allow: 'POST', ...(allowed === null ? {} : { 'webhook-allowed-origin': allowed }) });
    } else {
      const answer = this.answer(call);
      response.writeHead(answer.status, { ...answer.headers });
    }
    response.end();
  }
}
