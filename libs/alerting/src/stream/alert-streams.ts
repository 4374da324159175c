// All clients of the alert stream in this process: their limit, their notifications and their shutdown.
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
    private readonly notifications: AlertNotifications,
    private readonly registry: Registry,
  ) {}

  get count(): number {
    return this.#streams.size;
  }

  /** Takes over the reply and serves it until it ends. `cursor` null: only alerts from now on. */
  async serve(reply: FastifyReply, filter: AlertFilter, cursor: number | null, limits = STREAM_LIMITS): Promise<void> {
    if (this.#isStopped || this.#streams.size >= CLIENTS_MAX) throw busy();
    const start = cursor ?? (await this.alerts.newest());
    reply.hijack();
    const source = {
      read: (after: number, limit: number) => this.alerts.after(after, filter, limit),
      render: (row: Parameters<typeof renderAlert>[0]) => renderAlert(row, this.registry.current.regions),
    };
    const stream = new AlertStream(open(reply), source, limits);
    this.notifications.subscribe(stream.signal);
    const running = stream.run(start).catch((error: unknown) => {
      // The headers are sent already, so the stream can only end. The client resumes.
      this.#logger.error(error);
    });
    this.#streams.set(stream, running);
    await running;
    this.notifications.unsubscribe(stream.signal);
    this.#streams.delete(stream);
  }

  /** The server waits for open connections, so the streams must end first. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    for (const stream of this.#streams.keys()) stream.close();
    await Promise.all(this.#streams.values());
  }
}

function open(reply: FastifyReply): FastifyReply['raw'] {
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  // x-accel-buffering keeps nginx from buffering alerts. The connection is not reused, so that it ends with the stream.
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  return raw;
}

function busy(): Problem {
  return new Problem(503, 'too-many-streams', 'Too many clients are connected to the stream; try again in a moment.', {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}
