// Reads alerts: as a list, one by one, and as a stream.
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { EventLog, type Position } from '#event-log';
import { decodeCursor, encodeCursor, List, Problem, Roles, type Page } from '#platform';
import { Checkpoints } from '#projection';
import { Registry } from '#registry';
import { AlertStreams } from '../stream/alert-streams.js';
import { requireKnownNames, type AlertFilter } from './alert-filter.js';
import { AlertStore } from './alert-store.js';
import type { Alert } from './alert.js';
import {
  alertCursor,
  alertIdParam,
  alertSchema,
  alertsQuery,
  filterOf,
  streamQuery,
  type AlertsQuery,
  type StreamQuery,
} from './alert.schema.js';
import { ALERTS } from './alerts-projection.js';
import { renderAlert } from './render-alert.js';

const MIN_POSITION_TIMEOUT_MS = 5_000;

@Controller('v1/alerts')
@Roles('subscriber', 'analyst', 'officer', 'verifier', 'operator')
export class AlertsController {
  constructor(
    private readonly alerts: AlertStore,
    private readonly streams: AlertStreams,
    private readonly registry: Registry,
    private readonly checkpoints: Checkpoints,
    private readonly log: EventLog,
  ) {}

  /** Newest first. */
  @Get()
  @List({ row: alertSchema })
  async list(@Query({ schema: alertsQuery }) query: AlertsQuery): Promise<Page<Alert> & { position: number }> {
    const filter = await this.#filterOf(query);
    const position = await this.#waitForPosition(query.minPosition ?? 0);
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, alertCursor).before;
    const { from = null, to = null, limit } = query;
    const rows = await this.alerts.before(filter, { before, completeUpTo: position, from, to, limit });
    const items = rows.map((row) => renderAlert(row, this.registry.current.regions));
    const last = items.at(-1);
    // Alerts are never changed, so what lies before one of them is the same snapshot for ever.
    return { position, items, next: last && items.length === limit ? encodeCursor({ before: last.position }) : null };
  }

  /** Server-sent events; the first block has an id and no data, so that whoever is cut off early resumes from it. */
  @Get('stream')
  @ApiProduces('text/event-stream')
  async stream(
    @Query({ schema: streamQuery }) query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = await this.#filterOf(query);
    const cursor = await this.#resumed(lastEventId ?? query.lastEventId ?? '');
    await this.streams.serve(reply, filter, cursor);
  }

  @Get(':id')
  @ApiOkResponse({ description: 'The alert', standardSchema: alertSchema })
  async one(@Param('id', { schema: alertIdParam }) id: string): Promise<Alert> {
    const row = await this.alerts.get(id);
    if (row === null) throw new Problem(404, 'unknown-alert', 'There is no alert with this id.');
    return renderAlert(row, this.registry.current.regions);
  }

  async #filterOf(query: AlertsQuery | StreamQuery): Promise<AlertFilter> {
    const filter = filterOf(query);
    await requireKnownNames(filter, this.registry, { regions: '/region', lenses: '/lens' });
    return filter;
  }

  /** Where the alerts stand once they have passed what was asked for. */
  async #waitForPosition(position: Position): Promise<Position> {
    const reached = await this.checkpoints.waitFor(ALERTS, position, MIN_POSITION_TIMEOUT_MS);
    if (reached) return reached.position;
    throw new Problem(503, 'position-not-reached', `The alerts have not reached position ${position} yet; ask again.`, {
      headers: { 'retry-after': '1' },
    });
  }

  /** Null: from now on. An empty id is what a browser sends that has had none. */
  async #resumed(lastEventId: string): Promise<number | null> {
    if (lastEventId === '') return null;
    const cursor = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : null;
    if (cursor !== null && cursor <= (await this.log.head()).position) return cursor;
    throw new Problem(
      400,
      'bad-last-event-id',
      'Last-Event-ID must be an `id` of this stream, a log position; leave it out to hear what happens from now on.',
    );
  }
}
