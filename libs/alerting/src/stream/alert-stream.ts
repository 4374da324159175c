// One client of the alert stream. Each reads the store with its own cursor, so a slow client costs only its connection.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AlertPage } from '../alert/alert-store.js';
import type { Alert, AlertRow } from '../alert/alert.js';
import { Signal } from '../alert/signal.js';

const PAGE = 100;
// The store is also polled without a notification.
const POLL_MS = 5_000;
const RECONNECT_MS = 2_000;

export type StreamLimits = {
  readonly heartbeatMs: number;
  /** A client that reads nothing for this long is disconnected; it resumes where it was. */
  readonly stalledMs: number;
  /** After this time a client must reconnect, with a token that is still valid. */
  readonly lifeMs: number;
};

export type StreamSource = {
  readonly read: (cursor: number, limit: number) => Promise<AlertPage>;
  readonly render: (row: AlertRow) => Alert;
};

export class AlertStream {
  readonly signal = new Signal();
  #isClosed = false;

  constructor(
    private readonly raw: ServerResponse,
    private readonly source: StreamSource,
    private readonly limits: StreamLimits,
  ) {
    raw.once('close', () => {
      this.#isClosed = true;
      this.signal.notify();
    });
    // A connection that breaks while we write is handled by 'close'; without a listener the error would be thrown.
    raw.on('error', () => undefined);
  }

  /** Sends alerts after `cursor` until the client disconnects or the process shuts down. */
  async run(cursor: number): Promise<void> {
    const heartbeat = setInterval(() => {
      if (!this.raw.writableNeedDrain) this.raw.write(': keep-alive\n\n');
    }, this.limits.heartbeatMs);
    const life = setTimeout(() => {
      this.close();
    }, this.limits.lifeMs);
    try {
      // An id alone raises no event, but a client that is disconnected before its first alert resumes from it.
      await this.#send(`retry: ${String(RECONNECT_MS)}\nid: ${String(cursor)}\n\n`);
      await this.#follow(cursor);
    } finally {
      clearInterval(heartbeat);
      clearTimeout(life);
      this.raw.end();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.signal.notify();
  }

  async #follow(start: number): Promise<void> {
    for (let cursor = start; !this.#isClosed;) {
      const seen = this.signal.count;
      const { rows, upTo } = await this.source.read(cursor, PAGE);
      for (const row of rows) await this.#send(frame(this.source.render(row)));
      cursor = upTo;
      if (rows.length === 0) await this.signal.wait(seen, POLL_MS);
    }
  }

  async #send(text: string): Promise<void> {
    if (this.#isClosed || this.raw.write(text)) return;
    const stalled = AbortSignal.timeout(this.limits.stalledMs);
    const disconnected = new AbortController();
    const closed = (): void => {
      disconnected.abort();
    };
    this.raw.once('close', closed);
    try {
      await once(this.raw, 'drain', { signal: AbortSignal.any([stalled, disconnected.signal]) });
    } catch {
      this.#isClosed = true;
      this.raw.destroy();
    } finally {
      this.raw.off('close', closed);
    }
  }
}

function frame(alert: Alert): string {
  return `id: ${String(alert.position)}\nevent: ${alert.type}\ndata: ${JSON.stringify(alert)}\n\n`;
}
