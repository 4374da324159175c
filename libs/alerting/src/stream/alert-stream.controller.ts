// The route of the alert stream (server-sent events).
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventLog } from '#event-log';
import { Problem, Roles } from '#platform';
import { Registry } from '#registry';
import { checkedFilter, streamQuery, type StreamQuery } from '../alert/alert.schema.js';
import { AlertStreams } from './alert-streams.js';

@Controller('v1/alerts/stream')
@Roles('subscriber', 'analyst', 'officer', 'verifier', 'operator')
export class AlertStreamController {
  constructor(
    private readonly streams: AlertStreams,
    private readonly registry: Registry,
    private readonly log: EventLog,
  ) {}

  /** The first block has an id and no data, so that a client that is disconnected early can resume. */
  @Get()
  @ApiProduces('text/event-stream')
  async stream(
    @Query({ schema: streamQuery }) query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = await checkedFilter(query, this.registry);
    const cursor = await this.#cursorOf(lastEventId ?? query.lastEventId ?? '');
    await this.streams.serve(reply, filter, cursor);
  }

  /** Null: from now on. Browsers send an empty id when they have not received one. */
  async #cursorOf(lastEventId: string): Promise<number | null> {
    if (lastEventId === '') return null;
    const cursor = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : null;
    if (cursor !== null && cursor <= (await this.log.head()).position) return cursor;
    throw new Problem(
      400,
      'bad-last-event-id',
      'Last-Event-ID must be an `id` of this stream, a log position; without it the stream starts now.',
    );
  }
}
