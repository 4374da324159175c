// The routes that read alerts: the list and one alert.
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Position } from '#event-log';
import { decodeCursor, encodeCursor, List, Problem, Roles, type Page } from '#platform';
import { Checkpoints } from '#projection';
import { Registry } from '#registry';
import { AlertStore } from './alert-store.js';
import type { Alert } from './alert.js';
import {
  alertCursor,
  alertIdParam,
  alertSchema,
  alertsQuery,
  checkedFilter,
  type AlertsQuery,
} from './alert.schema.js';
import { ALERTS } from './alerts-projection.js';
import { renderAlert } from './render-alert.js';

const MIN_POSITION_TIMEOUT_MS = 5_000;

@Controller('v1/alerts')
@Roles('subscriber', 'analyst', 'officer', 'verifier', 'operator')
export class AlertsController {
  constructor(
    private readonly alerts: AlertStore,
    private readonly registry: Registry,
    private readonly checkpoints: Checkpoints,
  ) {}

  /** Newest first. */
  @Get()
  @List({ row: alertSchema })
  async list(@Query({ schema: alertsQuery }) query: AlertsQuery): Promise<Page<Alert> & { position: number }> {
    const filter = await checkedFilter(query, this.registry);
    const position = await this.#waitForPosition(query.minPosition ?? 0);
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, alertCursor).before;
    const { from = null, to = null, limit } = query;
    const rows = await this.alerts.before(filter, { before, completeUpTo: position, from, to, limit });
    const items = rows.map((row) => renderAlert(row, this.registry.current.regions));
    const last = items.at(-1);
    // Alerts never change, so a position is a stable cursor.
    return { position, items, next: last && items.length === limit ? encodeCursor({ before: last.position }) : null };
  }

  @Get(':id')
  @ApiOkResponse({ description: 'The alert', standardSchema: alertSchema })
  async one(@Param('id', { schema: alertIdParam }) id: string): Promise<Alert> {
    const row = await this.alerts.get(id);
    if (row === null) throw new Problem(404, 'unknown-alert', 'There is no alert with this id.');
    return renderAlert(row, this.registry.current.regions);
  }

  /** The position that the alerts have reached, at or after the requested one. */
  async #waitForPosition(position: Position): Promise<Position> {
    const reached = await this.checkpoints.waitFor(ALERTS, position, MIN_POSITION_TIMEOUT_MS);
    if (reached) return reached.position;
    throw new Problem(503, 'position-not-reached', `The alerts have not reached position ${position} yet; ask again.`, {
      headers: { 'retry-after': '1' },
    });
  }
}
