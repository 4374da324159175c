// Lists red lines, and finds one with its version.
import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '#domain';
import { EventLog } from '#event-log';
import { FoldedList, rowOf } from '../folded-list.js';
import { noSuchRedLine } from './change-red-line.handler.js';
import type { RedLineRow } from './red-line.schema.js';

@Injectable()
export class RedLineList extends FoldedList<RedLineRow> {
  readonly #log: EventLog;

  constructor(log: EventLog) {
    super(log, ['RedLineDeclared', 'RedLineWithdrawn'], foldRedLine);
    this.#log = log;
  }

  /** Throws Problem 404 for an unknown id. */
  async one(id: string): Promise<{ readonly row: RedLineRow; readonly version: number }> {
    const history = await this.#log.readStream(`red-line-${id}`);
    const row = rowOf(history, foldRedLine);
    if (!row) throw noSuchRedLine();
    return { row, version: history.length };
  }
}

function foldRedLine(rows: Map<string, RedLineRow>, { type, data }: DomainEvent): void {
  if (type === 'RedLineDeclared') {
    const { redLine: id, declaredBy, region, text } = data;
    const condition = { kind: data.condition.kind, by: data.condition.by && [...data.condition.by] };
    rows.set(id, { id, declaredBy, region, condition, text, status: 'declared', withdrawnAt: null });
  }
  if (type === 'RedLineWithdrawn') {
    const declared = rows.get(data.redLine);
    if (declared) rows.set(data.redLine, { ...declared, status: 'withdrawn', withdrawnAt: data.at });
  }
}
