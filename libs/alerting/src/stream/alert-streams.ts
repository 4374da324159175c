// All clients of the stream in this process: how many there may be, who wakes them, and how they end.
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Problem } from '#platform';
import { Registry } from '#registry';
import type { AlertFilter } from '../alert/alert-filter.js';
import { AlertNotifications } from '../alert/alert-notifications.js';
import { AlertStore } from '../alert/alert-store.js';
import { renderAlert } from '../alert/render-alert.js';
import { AlertStream, type StreamLimits } from './alert-stream.js';

const CLIENTS_MAX = 5_000;
const RETRY_AFTER_SECONDS = 10;

export const STREAM_LIMITS: StreamLimits = { heartbeatMs: 15_000, stalledMs: 60_000, lifeMs: 3_600_000 };

@Injectable()
export class AlertStreams implements BeforeApplicationShutdown {
  readonly #logger = new Logger('alert-stream');
  readonly #streams = new Map<AlertStream, Promise<void>>();
  #isStopped = false;

  constructor(
    private readonly alerts: AlertStore,
    private readonly signal: AlertNotifications,
    private readonly registry: Registry,
  ) {}

  get count(): number {
    return this.#streams.size;
  }

  /** Takes the reply over and serves it until it ends. `cursor` null: what happens from now on. */
  async serve(reply: FastifyReply, filter: AlertFilter, cursor: number | null, limits = STREAM_LIMITS): Promise<void> {
    if (this.#isStopped || this.#streams.size >= CLIENTS_MAX) throw busy();
    const start = cursor ?? (await this.alerts.newest());
    reply.hijack();
    const source = {
      read: (after: number, limit: number) => this.alerts.after(after, filter, limit),
      render: (row: Parameters<typeof renderAlert>[0]) => renderAlert(row, this.registry.current.regions),
    };
    const stream = new AlertStream(open(reply), source, limits);
    this.signal.subscribe(stream.signal);
    const running = stream.run(start).catch((error: unknown) => {
      // The reply is under way: all that can be said is to end it. The client resumes.
      this.#logger.error(error);
    });
    this.#streams.set(stream, running);
    await running;
    this.signal.unsubscribe(stream.signal);
    this.#streams.delete(stream);
  }

  /** The server waits for its connections to end, so these must. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    for (const stream of this.#streams.keys()) stream.close();
    await Promise.all(this.#streams.values());
  }
}

function open(reply: FastifyReply): FastifyReply['raw'] {
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  // The proxies that buffer would hold alerts back; this header tells the usual one not to.
  // Nothing follows on this connection, so that it ends with the stream.
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  return raw;
}

function busy(): Problem {
  return new Problem(503, 'too-many-streams', 'Too many clients follow the stream here; try again in a moment.', {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}
