// Reads the facts that began within a span of time, page by page, so that memory stays bounded.
import { Injectable } from '@nestjs/common';
import { Databases } from '#database';
import type { IncidentFact, Instant } from '#domain';
import type { Position } from '#event-log';
import type { Observation } from '../facts/fold-observation.js';

/** `from` inclusive and `to` exclusive; `begunBy`: not later than this. */
export type BegunFilter = {
  readonly region?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly begunBy: Instant;
};

type Row<Doc> = { readonly startedAt: Instant; readonly id: string; readonly doc: Doc };
type Place = { readonly startedAt: Instant; readonly id: string };

const PAGE_ROWS = 2_000;
const BEFORE_ALL: Place = { startedAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

@Injectable()
export class BegunRows {
  constructor(private readonly databases: Databases) {}

  incidents(position: Position, filter: BegunFilter): AsyncIterable<Row<IncidentFact>> {
    const sql = this.databases.analysis;
    const { region, from, to, begunBy } = filter;
    return paged(
      ({ startedAt, id }) => sql<Row<IncidentFact>[]>`
        select started_at as "startedAt", incident as id, doc from incident_fact
        where known_from <= ${position} and known_until > ${position} and started_at <= ${begunBy}
          and started_at >= ${from ?? '-infinity'} and started_at < ${to ?? 'infinity'}
          ${region === undefined ? sql`` : sql`and regions @> ${[region]}::text[]`}
          and (started_at, incident) > (${startedAt}, ${id}::uuid)
        order by started_at, incident
        limit ${PAGE_ROWS}`,
    );
  }

  denials(position: Position, filter: BegunFilter): AsyncIterable<Row<Observation>> {
    const sql = this.databases.analysis;
    const { region, from, to, begunBy } = filter;
    return paged(
      ({ startedAt, id }) => sql<Row<Observation>[]>`
        select from_at as "startedAt", report as id, doc from observation_fact
        where type = 'access_denied' and known_from <= ${position} and known_until > ${position}
          and from_at <= ${begunBy} and from_at >= ${from ?? '-infinity'} and from_at < ${to ?? 'infinity'}
          ${region === undefined ? sql`` : sql`and regions @> ${[region]}::text[]`}
          and (from_at, report) > (${startedAt}, ${id}::uuid)
        order by from_at, report
        limit ${PAGE_ROWS}`,
    );
  }
}

async function* paged<Doc>(page: (after: Place) => Promise<readonly Row<Doc>[]>): AsyncIterable<Row<Doc>> {
  let after = BEFORE_ALL;
  for (;;) {
    const rows = await page(after);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = last;
  }
}
