// One client of the stream. It reads the store by its own cursor, so a slow one costs nothing but its connection.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AlertPage } from '../alert/alert-store.js';
import type { Alert, AlertRow } from '../alert/alert.js';
import { Signal } from '../alert/signal.js';

const PAGE = 100;
// The store is also looked at when nobody rang.
const POLL_MS = 5_000;
const RECONNECT_MS = 2_000;

export type StreamLimits = {
  readonly heartbeatMs: number;
  /** A client that takes nothing for so long is cut off; it resumes where it was. */
  readonly stalledMs: number;
  /** Then it must come again, with a token that is still good. */
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
    // A connection that breaks while we write is closed, and that is all there is to say about it.
    raw.on('error', () => undefined);
  }

  /** Sends what lies behind `cursor` until the client or the shutdown ends it. */
  async run(cursor: number): Promise<void> {
    const heartbeat = setInterval(() => {
      if (!this.raw.writableNeedDrain) this.raw.write(': still here\n\n');
    }, this.limits.heartbeatMs);
    const life = setTimeout(() => {
      this.close();
    }, this.limits.lifeMs);
    try {
      // The id alone raises no event, but a client that is cut off before its first alert resumes from it.
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
      const heard = this.signal.count;
      const { rows, upTo } = await this.source.read(cursor, PAGE);
      for (const row of rows) await this.#send(frame(this.source.render(row)));
      cursor = upTo;
      if (rows.length === 0) await this.signal.wait(heard, POLL_MS);
    }
  }

  async #send(text: string): Promise<void> {
    if (this.#isClosed || this.raw.write(text)) return;
    const stalled = AbortSignal.timeout(this.limits.stalledMs);
    const cut = new AbortController();
    const closed = (): void => {
      cut.abort();
    };
    this.raw.once('close', closed);
    try {
      await once(this.raw, 'drain', { signal: AbortSignal.any([stalled, cut.signal]) });
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
