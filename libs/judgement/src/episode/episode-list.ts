// Lists episodes, and finds one with its version.
import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '#domain';
import { EventLog } from '#event-log';
import { FoldedList, rowOf } from '../folded-list.js';
import { noSuchEpisode } from './change-episode.handler.js';
import type { EpisodeRow } from './episode.schema.js';

@Injectable()
export class EpisodeList extends FoldedList<EpisodeRow> {
  readonly #log: EventLog;

  constructor(log: EventLog) {
    super(log, ['EpisodeOpened', 'EpisodeClosed'], foldEpisode);
    this.#log = log;
  }

  /** Throws Problem 404 for an unknown id. */
  async one(id: string): Promise<{ readonly row: EpisodeRow; readonly version: number }> {
    const history = await this.#log.readStream(`episode-${id}`);
    const row = rowOf(history, foldEpisode);
    if (!row) throw noSuchEpisode();
    return { row, version: history.length };
  }
}

function foldEpisode(rows: Map<string, EpisodeRow>, { type, data }: DomainEvent): void {
  if (type === 'EpisodeOpened') {
    const { episode: id, kind, region, name, from, accused, exclusionClaim } = data;
    rows.set(id, { id, kind, region, name, status: 'open', from, to: null, accused: [...accused], exclusionClaim });
  }
  if (type === 'EpisodeClosed') {
    const open = rows.get(data.episode);
    if (open) rows.set(data.episode, { ...open, status: 'closed', to: data.to });
  }
}
