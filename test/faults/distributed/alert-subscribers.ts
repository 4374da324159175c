// Two alert subscribers: a webhook, and a reader of the stream that reconnects whenever it is disconnected.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../support/client.js';
import type { TestUser } from '../../support/running-app.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';

export const SUBSCRIBER: TestUser = { handle: 'un-office', roles: ['subscriber'] };
const AGAIN_MS = 300;

/** Positions of alerts in the order of their first arrival. */
export type ReceivedAlerts = { readonly positions: readonly number[]; readonly repeated: number };

export class AlertSubscribers {
  readonly #stream: number[] = [];
  readonly #stopping = new AbortController();
  #receiver = new WebhookReceiver();
  #following: Promise<void> = Promise.resolve();

  constructor(private readonly clients: () => Promise<readonly Client[]>) {}

  async start(subscription: string): Promise<void> {
    const [client] = await this.clients();
    if (!client) throw new Error('no api runs');
    this.#receiver = await new WebhookReceiver().up();
    const body = { id: subscription, url: this.#receiver.url, filter: {} };
    const { status } = await client.post('/v1/subscriptions', body, SUBSCRIBER);
    if (status !== 201) throw new Error(`POST /v1/subscriptions returned ${status}`);
    this.#following = this.#followStream();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    await this.#receiver.down();
  }

  get called(): ReceivedAlerts {
    return withoutRepeats(this.#receiver.posts.map(({ body }) => positionIn(body)));
  }

  get streamed(): ReceivedAlerts {
    return withoutRepeats(this.#stream);
  }

  async #followStream(): Promise<void> {
    const { signal } = this.#stopping;
    for (let which = 0; !signal.aborted; which += 1) {
      try {
        const clients = await this.clients();
        const client = clients[which % Math.max(clients.length, 1)];
        if (client) await this.#readStream(client, signal);
      } catch {
        // Disconnected: the next connection resumes after the last alert.
      }
      await sleep(AGAIN_MS);
    }
  }

  async #readStream(client: Client, signal: AbortSignal): Promise<void> {
    const last = String(this.#stream.at(-1) ?? 0);
    for await (const { id } of client.alerts(SUBSCRIBER, signal, last)) this.#stream.push(Number(id));
  }
}

function positionIn(body: string): number {
  const { data } = JSON.parse(body) as { readonly data?: { readonly position?: number } };
  return data?.position ?? 0;
}

function withoutRepeats(positions: readonly number[]): ReceivedAlerts {
  const known = [...new Set(positions)];
  return { positions: known, repeated: positions.length - known.length };
}
